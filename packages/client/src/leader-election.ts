/** One of several runs at a time: whoever holds a Lease and keeps renewing it. */
import { type ApiObject, isReason } from '@kaji/api';
import { type Lease, leases } from '@kaji/api/coordination/v1';
import { type Runtime, Scope, sleep } from '@kaji/base';
import type { Client, Key } from './client.ts';

export interface LeaderElectionOptions {
  readonly lease: Key;
  /** Who holds it: unique among those who compete. */
  readonly identity: string;
  readonly leaseDurationMs?: number;
  readonly renewDeadlineMs?: number;
  readonly retryPeriodMs?: number;
}

/** Kubernetes: the defaults of LeaderElectionConfiguration. */
const defaults = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2000 };
const jitter = 1.2;

/** The lease as it was when it last changed, by this process's own clock: another machine's clock is not trusted. */
interface Observation {
  readonly resourceVersion: string;
  readonly atMs: number;
}

/** Pure: the lease to write, or undefined while somebody else holds it. */
export function claim(current: Lease | undefined, identity: string, isFresh: boolean, nowText: string, durationSeconds: number): Lease['spec'] | undefined {
  const spec = current?.spec;
  const holder = spec?.holderIdentity ?? '';
  if (holder !== '' && holder !== identity && isFresh) return undefined;
  const isRenewal = holder === identity;
  const transitions = spec?.leaseTransitions ?? 0;
  return {
    ...spec,
    holderIdentity: identity,
    leaseDurationSeconds: durationSeconds,
    acquireTime: isRenewal ? spec?.acquireTime : nowText,
    renewTime: nowText,
    leaseTransitions: isRenewal || current === undefined ? transitions : transitions + 1,
  };
}

/** Waits to become leader, then runs `lead`. Throws when the lease was lost; gives it back when the signal ends. */
export async function leaderElect(runtime: Runtime, client: Client, options: LeaderElectionOptions, lead: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
  const elector = new Elector(runtime, client, options);
  while (!(await elector.tryHold())) await sleep(runtime.clock, elector.retryMs(), signal);
  runtime.log.info('became leader', { lease: options.lease.name, identity: options.identity });
  try {
    await using scope = new Scope(signal);
    scope.run('renew lease', (inner) => elector.renew(inner));
    scope.run('lead', lead);
    await scope.join();
  } finally {
    await elector.release();
  }
}

class Elector {
  readonly #runtime: Runtime;
  readonly #client: Client;
  readonly #options: Required<LeaderElectionOptions>;
  readonly #random: () => number;
  #lease: Lease & ApiObject | undefined;
  #observed: Observation | undefined;

  constructor(runtime: Runtime, client: Client, options: LeaderElectionOptions) {
    this.#runtime = runtime;
    this.#client = client;
    this.#options = { ...defaults, ...options };
    this.#random = runtime.random.stream(`leader election ${options.lease.name}`);
  }

  retryMs(): number {
    return this.#options.retryPeriodMs * (1 + jitter * this.#random());
  }

  /** True when this process holds the lease now. Failures of the server are "not now". */
  async tryHold(): Promise<boolean> {
    const { identity, lease: key, leaseDurationMs } = this.#options;
    const { clock, log } = this.#runtime;
    try {
      const current = await this.#read(key);
      if (current !== undefined && current.metadata.resourceVersion !== this.#observed?.resourceVersion) this.#observed = { resourceVersion: current.metadata.resourceVersion ?? '', atMs: clock.monotonic() };
      const isFresh = this.#observed !== undefined && clock.monotonic() < this.#observed.atMs + leaseDurationMs;
      const nowText = new Date(clock.now()).toISOString().replace('Z', '000Z');
      const spec = claim(current, identity, isFresh, nowText, Math.round(leaseDurationMs / 1000));
      if (spec === undefined) return false;
      this.#lease = current === undefined ? await this.#client.create(leases, { metadata: { ...key }, spec }) : await this.#client.update(leases, { ...current, spec });
      this.#observed = { resourceVersion: this.#lease.metadata.resourceVersion ?? '', atMs: clock.monotonic() };
      return true;
    } catch (error) {
      log.warn('leader election failed', { lease: key.name, error: String(error) });
      return false;
    }
  }

  /** Throws once the lease could not be renewed within the deadline. */
  async renew(signal: AbortSignal): Promise<void> {
    const { clock } = this.#runtime;
    let renewedAtMs = clock.monotonic();
    for (;;) {
      await sleep(clock, this.#options.retryPeriodMs, signal);
      if (await this.tryHold()) renewedAtMs = clock.monotonic();
      else if (clock.monotonic() - renewedAtMs > this.#options.renewDeadlineMs) throw new Error(`lost the lease ${this.#options.lease.name}`);
    }
  }

  /** Lets the next one in at once instead of after the lease's duration. */
  async release(): Promise<void> {
    const held = this.#lease;
    if (held?.spec?.holderIdentity !== this.#options.identity) return;
    try {
      await this.#client.update(leases, { ...held, spec: { ...held.spec, holderIdentity: '', leaseDurationSeconds: 1 } });
    } catch (error) {
      this.#runtime.log.warn('lease not released', { lease: this.#options.lease.name, error: String(error) }); // it runs out by itself
    }
  }

  async #read(key: Key): Promise<(Lease & ApiObject) | undefined> {
    try {
      return await this.#client.get(leases, key);
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }
}
