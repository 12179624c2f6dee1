/**
 * Events: what a component tells people about an object. Repeated ones are counted in one object, and a flood about
 * one object is first combined, then dropped, as upstream's recorder does it.
 */
import { apiVersionOf, type ApiObject, isReason, type Resource } from '@kaji/api';
import { type Event, events } from '@kaji/api/core/v1';
import { Queue, type Runtime, sleep } from '@kaji/base';
import type { Client } from './client.ts';

export type EventType = 'Normal' | 'Warning';

export interface Occurrence {
  readonly type: EventType;
  /** One word in CamelCase. */
  readonly reason: string;
  readonly message: string;
  /** Which part of the object: `spec.containers{web}`. */
  readonly fieldPath?: string;
}

/** What an event is about. */
export interface Involved {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly fieldPath: string;
}

export interface EventSourceName {
  readonly component: string;
  readonly host?: string;
}

/** Kubernetes: the numbers of client-go's event correlator. */
const limits = { remembered: 4096, similar: 10, similarWindowMs: 600_000, burst: 25, refillMs: 300_000, waiting: 1000, tries: 12, retryMs: 10_000 };
const maxMessageLength = 1024;

export type Plan =
  | { readonly type: 'create'; readonly event: Event }
  | { readonly type: 'count'; readonly event: Event; readonly namespace: string; readonly name: string; readonly count: number }
  | { readonly type: 'drop' };

/** What was said before, bounded: decides what becomes of each event. Pure but for its memory. */
export class EventCorrelator {
  readonly #bySource = new Map<string, { tokens: number; atMs: number }>();
  readonly #similar = new Map<string, { messages: Set<string>; lastMs: number }>();
  readonly #known = new Map<string, { readonly namespace: string; readonly name: string; count: number; readonly firstTimestamp: string }>();
  #sequence = 0;

  plan(involved: Involved, source: EventSourceName, occurrence: Occurrence, nowMs: number): Plan {
    const about = [source.component, source.host ?? '', involved.kind, involved.namespace, involved.name, involved.uid, involved.apiVersion].join('\n');
    const message = this.#combine([about, occurrence.type, occurrence.reason].join('\n'), occurrence.message, nowMs);
    if (!this.#admit(about, nowMs)) return { type: 'drop' };
    const key = [about, occurrence.type, occurrence.reason, involved.fieldPath, message.isCombined ? '' : message.text].join('\n');
    const known = this.#known.get(key);
    const text = isoSeconds(nowMs);
    const namespace = involved.namespace === '' ? 'default' : involved.namespace;
    const name = known?.name ?? `${involved.name}.${(BigInt(Math.floor(nowMs)) * 1_000_000n + BigInt(this.#sequence++ % 1_000_000)).toString(16)}`;
    const count = (known?.count ?? 0) + 1;
    const firstTimestamp = known?.firstTimestamp ?? text;
    const event: Event = {
      metadata: { name, namespace },
      involvedObject: {
        kind: involved.kind, apiVersion: involved.apiVersion, name: involved.name,
        ...(involved.namespace === '' ? {} : { namespace: involved.namespace }),
        ...(involved.uid === '' ? {} : { uid: involved.uid }),
        ...(involved.resourceVersion === '' ? {} : { resourceVersion: involved.resourceVersion }),
        ...(involved.fieldPath === '' ? {} : { fieldPath: involved.fieldPath }),
      },
      reason: occurrence.reason,
      message: message.text.slice(0, maxMessageLength),
      source: { component: source.component, ...(source.host === undefined ? {} : { host: source.host }) },
      firstTimestamp,
      lastTimestamp: text,
      count,
      type: occurrence.type,
      reportingComponent: source.component,
      reportingInstance: source.host ?? '',
    };
    remember(this.#known, key, { namespace, name, count, firstTimestamp });
    return known === undefined ? { type: 'create', event } : { type: 'count', event, namespace, name, count };
  }

  /** More than ten different messages of one reason within ten minutes become one. */
  #combine(key: string, text: string, nowMs: number): { readonly text: string; readonly isCombined: boolean } {
    const known = this.#similar.get(key);
    const record = known === undefined || nowMs - known.lastMs > limits.similarWindowMs ? { messages: new Set<string>(), lastMs: nowMs } : known;
    record.lastMs = nowMs;
    remember(this.#similar, key, record);
    record.messages.add(text);
    if (record.messages.size < limits.similar) return { text, isCombined: false };
    // The newest message is taken out again, so that the set stays bounded and the next new one is combined, too.
    record.messages.delete(text);
    return { text: `(combined from similar events): ${text}`, isCombined: true };
  }

  #admit(about: string, nowMs: number): boolean {
    const known = this.#bySource.get(about);
    const tokens = known === undefined ? limits.burst : Math.min(limits.burst, known.tokens + (nowMs - known.atMs) / limits.refillMs);
    const isAdmitted = tokens >= 1;
    remember(this.#bySource, about, { tokens: isAdmitted ? tokens - 1 : tokens, atMs: nowMs });
    return isAdmitted;
  }
}

/** Forgets the least recently used beyond the limit. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= limits.remembered) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}

const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

export function involvedObject(resource: Resource, object: ApiObject, fieldPath = ''): Involved {
  const { namespace = '', name = '', uid = '', resourceVersion = '' } = object.metadata;
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, namespace, name, uid, resourceVersion, fieldPath };
}

/** Takes events without waiting and writes them behind; what a full queue cannot take is lost, as events may be. */
export class EventRecorder {
  readonly #runtime: Runtime;
  readonly #client: Client;
  readonly #source: EventSourceName;
  readonly #correlator = new EventCorrelator();
  readonly #queue = new Queue<{ readonly involved: Involved; readonly occurrence: Occurrence; readonly atMs: number }>(limits.waiting);

  constructor(runtime: Runtime, client: Client, source: EventSourceName) {
    this.#runtime = runtime;
    this.#client = client;
    this.#source = source;
  }

  record(resource: Resource, object: ApiObject, occurrence: Occurrence): void {
    this.recordAbout(involvedObject(resource, object, occurrence.fieldPath), occurrence);
  }

  recordAbout(involved: Involved, occurrence: Occurrence): void {
    this.#queue.offer({ involved, occurrence, atMs: this.#runtime.clock.now() });
  }

  /** Writes what was recorded until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => { this.#queue.close(); }, { once: true });
    if (signal.aborted) this.#queue.close();
    for await (const { involved, occurrence, atMs } of this.#queue) {
      if (signal.aborted) return;
      await this.#write(this.#correlator.plan(involved, this.#source, occurrence, atMs), signal);
    }
  }

  /** A server that is away is waited for, with the events that come meanwhile in the queue; one that refuses an event is not asked again. */
  async #write(plan: Plan, signal: AbortSignal): Promise<void> {
    if (plan.type === 'drop') return;
    for (let tries = 1; !signal.aborted; tries++) {
      try {
        if (plan.type === 'count' && (await this.#count(plan))) return;
        await this.#client.create(events, plan.event);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!isReason(error, 'ServiceUnavailable') || tries === limits.tries) {
          this.#runtime.log.debug('event not written', { reason: plan.event.reason, error: String(error) });
          return;
        }
      }
      await sleep(this.#runtime.clock, limits.retryMs, signal).catch(() => undefined); // the signal ends the loop
    }
  }

  /** False when the event that was to be counted is gone: then it is written anew. */
  async #count(plan: Extract<Plan, { type: 'count' }>): Promise<boolean> {
    const { namespace, name, count, event } = plan;
    try {
      await this.#client.patch(events, { namespace, name }, { type: 'merge', body: { count, lastTimestamp: event.lastTimestamp, message: event.message } });
      return true;
    } catch (error) {
      if (isReason(error, 'NotFound')) return false;
      throw error;
    }
  }
}
