/**
 * Keeps namespaces within their quotas. What a write uses up is booked in the quotas' status before the object is stored, with
 * the version of the quota as the condition: of many writes at once never more than fit get through. Those of one namespace
 * that wait for each other are booked together.
 */
import { type AnyResource, ApiError, conflict } from '@kaji/api';
import { resourcequotas } from '@kaji/api/core/v1';
import { type Evaluator, evaluatorOf, isSameAmounts, type QuotaView } from '@kaji/api/quota';
import type { Clock } from '@kaji/base';
import type { OwnWrites } from '../../registry/own-writes.ts';
import type { Reader } from '../../registry/reader.ts';
import type { AdmissionStep, Attempt } from '../admission.ts';
import { charged, type Quota } from './charge.ts';
import type { LimitedResource } from './configuration.ts';

/** How often a lost race for a quota is run again. */
const retries = 3;

export interface QuotaDoors {
  readonly clock: Clock;
  readonly reader: Reader;
  readonly writes: OwnWrites;
  /** What needs a quota that grants it. */
  readonly limited: readonly LimitedResource[];
}

export const resourceQuota = (doors: QuotaDoors): AdmissionStep => {
  const bookings = new Bookings(doors);
  const evaluators = new WeakMap<AnyResource, { readonly of: Evaluator | undefined }>();
  const evaluatorFor = (resource: AnyResource): Evaluator | undefined => {
    const known = evaluators.get(resource) ?? { of: evaluatorOf(resource) };
    evaluators.set(resource, known);
    return known.of;
  };
  return {
    name: 'ResourceQuota',
    validate(attempt) {
      const { operation, namespace, resource, object } = attempt;
      if ((operation !== 'CREATE' && operation !== 'UPDATE') || namespace === '' || object === undefined || (resource.group === '' && resource.plural === 'namespaces')) return undefined;
      const evaluator = evaluatorFor(resource);
      return evaluator?.handles(attempt) === true ? bookings.book(attempt, evaluator) : undefined;
    },
  };
};

interface Waiting {
  readonly attempt: Attempt;
  readonly evaluator: Evaluator;
  resolve(): void;
  reject(error: unknown): void;
}

/** A namespace that is being worked on. */
interface Desk {
  /** Those who came meanwhile. */
  waiting: Waiting[];
  /** What was stored of its quotas and does not show yet, by name. */
  readonly stored: Map<string, Quota>;
}

class Bookings {
  readonly #doors: QuotaDoors;
  readonly #desks = new Map<string, Desk>();

  constructor(doors: QuotaDoors) {
    this.#doors = doors;
  }

  /** Undefined, at once, where nothing is limited. */
  book(attempt: Attempt, evaluator: Evaluator): Promise<void> | undefined {
    const { namespace } = attempt;
    if (this.#doors.limited.length === 0 && this.#doors.reader.list(resourcequotas, namespace)[Symbol.iterator]().next().done === true) return undefined;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { attempt, evaluator, resolve, reject };
    const desk = this.#desks.get(namespace);
    if (desk !== undefined) desk.waiting.push(waiting);
    else void this.#work(namespace, { waiting: [waiting], stored: new Map() }); // ends by itself; what fails is told to those who wait
    return promise;
  }

  async #work(namespace: string, desk: Desk): Promise<void> {
    this.#desks.set(namespace, desk);
    for (;;) {
      // The desk stays until everything shows: who comes next need not lose a race against it.
      if (desk.waiting.length === 0) await this.#shown();
      if (desk.waiting.length === 0) break;
      const batch = desk.waiting;
      desk.waiting = [];
      try {
        await this.#settle(this.#quotasIn(namespace, desk), batch, { namespace, desk, retriesLeft: retries });
      } catch (error) {
        for (const { reject } of batch) reject(error); // those that are settled do not hear it
      }
    }
    this.#desks.delete(namespace);
  }

  async #shown(): Promise<void> {
    try {
      await this.#doors.writes.fresh();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the caches lag far behind: who comes next may lose a race, and runs it again
    }
  }

  #quotasIn(namespace: string, { stored }: Desk): readonly Quota[] {
    return [...this.#doors.reader.list(resourcequotas, namespace)].map((shown) => {
      const own = stored.get(shown.metadata.name ?? '');
      return own !== undefined && Number(own.metadata.resourceVersion) > Number(shown.metadata.resourceVersion) ? own : shown;
    });
  }

  /** Answers everybody in the batch. */
  async #settle(quotas: readonly Quota[], batch: readonly Waiting[], { namespace, desk, retriesLeft }: { readonly namespace: string; readonly desk: Desk; readonly retriesLeft: number }): Promise<void> {
    const { after, booked } = this.#charge(quotas, batch);
    const lost = await this.#store(quotas, after, desk);
    if (lost.size === 0) for (const { resolve } of booked) resolve();
    else if (retriesLeft <= 0) for (const { reject } of booked) reject(conflict(resourcequotas, [...lost].at(-1) ?? ''));
    else {
      // Only these quotas: the others have booked the same writes already.
      const again = this.#quotasIn(namespace, desk).filter(({ metadata }) => lost.has(metadata.name ?? ''));
      await this.#settle(again, booked, { namespace, desk, retriesLeft: retriesLeft - 1 });
    }
  }

  /** Refuses what does not fit and lets through what costs nothing; the rest waits for the quotas to be stored. */
  #charge(quotas: readonly Quota[], batch: readonly Waiting[]): { readonly after: readonly Quota[]; readonly booked: readonly Waiting[] } {
    const { clock, reader, limited } = this.#doors;
    const view: QuotaView = { nowMs: clock.now(), get: reader.get.bind(reader), list: reader.list.bind(reader) };
    const booked: Waiting[] = [];
    let after = quotas;
    for (const waiting of batch) {
      const { attempt, evaluator } = waiting;
      if (attempt.object === undefined) continue;
      try {
        const next = charged(after, { attempt, object: attempt.object, evaluator, limited, view });
        if (next === after || attempt.isDryRun) waiting.resolve();
        else {
          booked.push(waiting);
          after = next;
        }
      } catch (error) {
        waiting.reject(error); // a refusal, or a mistake that concerns this one alone
      }
    }
    return { after, booked };
  }

  /** The names of the quotas that another write changed first. */
  async #store(before: readonly Quota[], after: readonly Quota[], { stored }: Desk): Promise<ReadonlySet<string>> {
    const lost = new Set<string>();
    await Promise.all(after.map(async (quota, index) => {
      const old = before[index];
      if (old === undefined || quota === old || isSameAmounts(quota.status?.used ?? {}, old.status?.used ?? {})) return;
      const name = quota.metadata.name ?? '';
      const now = await this.#doors.writes.putStatus(resourcequotas, old, quota);
      if (now === undefined) lost.add(name);
      else stored.set(name, now);
    }));
    return lost;
  }
}
