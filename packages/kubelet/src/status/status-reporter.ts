/** Writes pods' statuses to the API: one write at a time for each pod, only when something differs, the newest wins. */
import { type Pod, pods, type PodStatus } from '@kaji/api/core/v1';
import { ApiError, isReason } from '@kaji/api';
import { Backoff, type Runtime, sleep } from '@kaji/base';
import type { Client, Key } from '@kaji/client';
import { isDeepEqual } from '@kaji/schema';
import { statusPatch } from './status-patch.ts';

interface Reported {
  key: Key;
  /** As the API has it. */
  known: PodStatus;
  wanted: PodStatus;
  uid: string;
  writing: Promise<void> | undefined;
}

export class StatusReporter {
  readonly #runtime: Pick<Runtime, 'clock' | 'log' | 'random'>;
  readonly #client: Client;
  readonly #signal: AbortSignal;
  readonly #pods = new Map<string, Reported>();

  constructor(runtime: Pick<Runtime, 'clock' | 'log' | 'random'>, client: Client, signal: AbortSignal) {
    this.#runtime = runtime;
    this.#client = client;
    this.#signal = signal;
  }

  /** What the API shows now, as the watch brings it. */
  learn(pod: Pod): void {
    const entry = this.#pods.get(pod.metadata.uid ?? '');
    if (entry !== undefined && entry.writing === undefined) entry.known = pod.status ?? {};
  }

  /** `object` is what is in the API: for a static pod its mirror. */
  report(object: Pod, status: PodStatus): void {
    const uid = object.metadata.uid ?? '';
    const key = { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
    const entry = this.#pods.get(uid) ?? { key, uid, known: object.status ?? {}, wanted: status, writing: undefined };
    entry.wanted = status;
    this.#pods.set(uid, entry);
    this.#write(entry);
  }

  /** Resolves when nothing is left to write. */
  async flush(uid: string): Promise<void> {
    for (let entry = this.#pods.get(uid); entry?.writing !== undefined; entry = this.#pods.get(uid)) await entry.writing;
  }

  forget(uid: string): void {
    this.#pods.delete(uid);
  }

  #write(entry: Reported): void {
    if (entry.writing !== undefined || isDeepEqual(plain(entry.known), plain(entry.wanted))) return;
    entry.writing = this.#writeAll(entry).finally(() => { entry.writing = undefined; });
  }

  async #writeAll(entry: Reported): Promise<void> {
    const backoff = new Backoff({ initialMs: 100, maxMs: 10_000, jitter: 0.5 }, this.#runtime.random.stream('status reporter'));
    while (!this.#signal.aborted && this.#pods.get(entry.uid) === entry) {
      const patch = statusPatch(plain(entry.known), plain(entry.wanted));
      if (patch === undefined) return;
      const sent = entry.wanted;
      try {
        const body = { metadata: { uid: entry.uid }, status: patch };
        const answer = await this.#client.patch(pods, entry.key, { type: 'strategic', subresource: 'status', body });
        // what came back is what was sent, plus conditions that others wrote
        entry.known = { ...sent, conditions: answer.status?.conditions ?? sent.conditions };
        if (entry.wanted === sent) return;
        if (isDeepEqual(plain(entry.known), plain(entry.wanted))) return;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // gone, or another pod of the same name by now: there is nothing left to tell
        if (isReason(error, 'NotFound') || isReason(error, 'Conflict')) return;
        this.#runtime.log.warn('cannot write the status of a pod', { ...entry.key, reason: error.message });
        await sleep(this.#runtime.clock, backoff.next(), this.#signal).catch(() => undefined); // an abort ends the loop
      }
    }
  }
}

/** Without fields that are undefined, so that two statuses compare as they are written. */
const plain = (status: PodStatus): PodStatus => JSON.parse(JSON.stringify(status)) as PodStatus; // the same shape, less what JSON leaves out
