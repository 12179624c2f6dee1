/** Writes core/v1 Events: what repeats is counted on one object, and one kind of noise about one object is limited. */
import { type Event, events } from '@kaji/api/core/v1';
import { ApiError, isReason } from '@kaji/api';
import type { Runtime } from '@kaji/base';
import type { Client } from '@kaji/client';
import { formatTime } from '@kaji/schema';
import type { Recorder, Subject } from './events.ts';

interface Known {
  readonly namespace: string;
  readonly name: string;
  readonly firstTimestamp: string;
  count: number;
  lastAt: number;
}

/** Kubernetes: the same event again within this time is the same object with a higher count. */
const aggregateMs = 10 * 60_000;
const maxKnown = 4096;
const maxWaiting = 1000;
/** Kubernetes: an object may cause so many events at once, and then one in five minutes. */
const burst = 25;
const refillMs = 300_000;

export class EventRecorder implements Recorder {
  readonly #runtime: Runtime;
  readonly #client: Client;
  readonly #nodeName: string;
  readonly #known = new Map<string, Known>();
  readonly #allowance = new Map<string, { left: number; at: number }>();
  readonly #waiting: (() => Promise<void>)[] = [];
  #isWriting = false;
  #sequence = 0;

  constructor(runtime: Runtime, client: Client, nodeName: string) {
    this.#runtime = runtime;
    this.#client = client;
    this.#nodeName = nodeName;
  }

  record(subject: Subject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    if (subject.name === '' || !this.#mayRecord(subject)) return;
    if (this.#waiting.length >= maxWaiting) return; // a flood: the events are lost, the node goes on
    const at = this.#runtime.clock.now();
    this.#waiting.push(() => this.#write({ subject, type, reason, message, at }));
    if (!this.#isWriting) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#isWriting = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await next();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        this.#runtime.log.debug('an event was not written', { reason: error.message });
      }
    }
    this.#isWriting = false;
  }

  #mayRecord({ uid }: Subject): boolean {
    const now = this.#runtime.clock.now();
    const allowance = this.#allowance.get(uid) ?? { left: burst, at: now };
    allowance.left = Math.min(burst, allowance.left + (now - allowance.at) / refillMs);
    allowance.at = now;
    this.#allowance.delete(uid);
    this.#allowance.set(uid, allowance);
    trim(this.#allowance);
    if (allowance.left < 1) return false;
    allowance.left--;
    return true;
  }

  async #write({ subject, type, reason, message, at }: { readonly subject: Subject; readonly type: string; readonly reason: string; readonly message: string; readonly at: number }): Promise<void> {
    const id = [subject.uid, subject.fieldPath ?? '', type, reason, message].join('\n');
    const known = this.#known.get(id);
    if (known !== undefined && at - known.lastAt < aggregateMs && (await this.#repeat(known, at))) return;
    const namespace = subject.namespace === '' ? 'default' : subject.namespace;
    const time = formatTime(at);
    // nanoseconds, as upstream's: names sort as the events came
    const suffix = (BigInt(Math.floor(at)) * 1_000_000n + BigInt(this.#sequence++ % 1_000_000)).toString(16);
    const name = `${subject.name}.${suffix}`;
    const { kind, apiVersion, uid, resourceVersion, fieldPath } = subject;
    const event: Event & { apiVersion: string; kind: string } = {
      apiVersion: 'v1', kind: 'Event', metadata: { name, namespace }, type, reason, message, count: 1, firstTimestamp: time, lastTimestamp: time,
      involvedObject: { kind, apiVersion, namespace: subject.namespace, name: subject.name, uid, resourceVersion, fieldPath },
      source: { component: 'kubelet', host: this.#nodeName }, reportingComponent: 'kubelet', reportingInstance: this.#nodeName,
    };
    await this.#client.create(events, event);
    this.#known.delete(id);
    this.#known.set(id, { namespace, name, firstTimestamp: time, count: 1, lastAt: at });
    trim(this.#known);
  }

  async #repeat(known: Known, at: number): Promise<boolean> {
    try {
      await this.#client.patch(events, known, { type: 'strategic', body: { count: known.count + 1, lastTimestamp: formatTime(at) } });
    } catch (error) {
      if (isReason(error, 'NotFound')) return false; // it was cleaned away meanwhile
      throw error;
    }
    known.count++;
    known.lastAt = at;
    return true;
  }
}

/** The oldest go first. */
function trim(map: Map<string, unknown>): void {
  while (map.size > maxKnown) for (const key of map.keys()) { map.delete(key); break; }
}
