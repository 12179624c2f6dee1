/** Life-cycle events from whichever stream the runtime has, opened again whenever it breaks. */
import { Backoff, type Runtime, sleep } from '@kaji/base';
import type { Channel } from './channel.ts';
import { ContainerEventResponse, GetEventsRequest } from './messages/container.ts';
import { Envelope, SubscribeRequest, TaskExit, TaskNotice } from './messages/containerd.ts';
import { decode } from './proto3.ts';
import { type Capabilities, RuntimeError, type RuntimeEvent } from './runtime.ts';

/** containerd keeps what CRI made in a namespace of its own. */
const criNamespace = 'k8s.io';

/** Where a runtime has no events at all, it is asked this often. */
const pollMs = 1000;

export async function* runtimeEvents(runtime: Pick<Runtime, 'clock' | 'log' | 'random'>, channel: Channel, capabilities: () => Promise<Capabilities>, signal: AbortSignal): AsyncIterable<RuntimeEvent> {
  const backoff = new Backoff({ initialMs: 50, maxMs: 1000, jitter: 0.2 }, runtime.random.stream('cri events'));
  while (!signal.aborted) {
    try {
      const { events } = await capabilities();
      if (events === 'none') {
        yield { type: 'resync' };
        await sleep(runtime.clock, pollMs, signal);
        continue;
      }
      for await (const event of events === 'cri' ? criEvents(channel, signal) : containerdEvents(channel, signal)) {
        backoff.reset();
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof RuntimeError)) throw error;
      runtime.log.warn('event stream of the container runtime broke', { code: error.code, reason: error.message });
    }
    if (!signal.aborted) await sleep(runtime.clock, backoff.next(), signal).catch(() => undefined); // an abort ends the loop
  }
}

async function* criEvents(channel: Channel, signal: AbortSignal): AsyncIterable<RuntimeEvent> {
  const stream = channel.stream('/runtime.v1.RuntimeService/GetContainerEvents', [GetEventsRequest, ContainerEventResponse], {}, { signal });
  for await (const event of opened(stream)) yield event === undefined ? { type: 'resync' } : { type: event.containerEventType, id: event.containerId };
}

async function* containerdEvents(channel: Channel, signal: AbortSignal): AsyncIterable<RuntimeEvent> {
  const filters = ['/tasks/start', '/tasks/exit', '/tasks/oom', '/containers/delete'].map((topic) => `namespace==${criNamespace},topic=="${topic}"`);
  const stream = channel.stream('/containerd.services.events.v1.Events/Subscribe', [SubscribeRequest, Envelope], { filters }, { signal, metadata: { 'containerd-namespace': criNamespace } });
  for await (const envelope of opened(stream)) {
    const event: RuntimeEvent | undefined = envelope === undefined ? { type: 'resync' } : eventOf(envelope);
    if (event !== undefined) yield event;
  }
}

/** Undefined once the call is on its way, then what comes: who lists everything upon the first misses nothing in between. */
async function* opened<T>(stream: AsyncIterable<T>): AsyncIterable<T | undefined> {
  const iterator = stream[Symbol.asyncIterator]();
  let next = iterator.next();
  next.catch(() => undefined); // awaited below; until then nobody listens
  yield undefined;
  try {
    for (let result = await next; result.done !== true; result = await next) {
      yield result.value;
      next = iterator.next();
    }
  } finally {
    await iterator.return?.();
  }
}

/** Undefined for what concerns no container as a whole: a command run in one has ended. */
export function eventOf(envelope: Envelope): RuntimeEvent | undefined {
  const value = envelope.event?.value;
  if (value === undefined) return undefined;
  switch (envelope.topic) {
    case '/tasks/exit': {
      const exit = decode(TaskExit, value);
      return exit.id === exit.containerId ? { type: 'stopped', id: exit.containerId } : undefined;
    }
    case '/tasks/start': return { type: 'started', id: decode(TaskNotice, value).containerId };
    case '/tasks/oom': return { type: 'outOfMemory', id: decode(TaskNotice, value).containerId };
    case '/containers/delete': return { type: 'deleted', id: decode(TaskNotice, value).containerId };
    default: return undefined;
  }
}
