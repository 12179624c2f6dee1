/** Which run of a container a request for its logs means, and with which options. */
import type { ContainerStatus, PodStatus } from '@kaji/api/core/v1';
import { parseTime } from '@kaji/schema';
import type { LogOptions } from '../containers/log-reader.ts';

/** The id of the run, or why there is nothing to read. */
export function runToRead(status: PodStatus, podName: string, containerName: string, isPrevious: boolean): { readonly id: string } | { readonly problem: string } {
  const where = `container "${containerName}" in pod "${podName}"`;
  const found = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? []), ...(status.ephemeralContainerStatuses ?? [])].find((candidate) => candidate.name === containerName);
  if (found === undefined) return { problem: `${where} is not available` };
  const last = idOf(found.lastState?.terminated?.containerID);
  if (isPrevious) return last === undefined ? { problem: `previous terminated ${where} not found` } : { id: last };
  if (found.state?.running !== undefined) return { id: idOf(found.containerID) ?? '' };
  if (found.state?.terminated !== undefined) {
    const id = idOf(found.state.terminated.containerID) ?? last;
    return id === undefined ? { problem: `${where} is terminated` } : { id };
  }
  if (found.lastState?.terminated !== undefined) return last === undefined ? { problem: `${where} is terminated` } : { id: last };
  return { problem: `${where} is waiting to start: ${waitingText(found)}` };
}

function waitingText({ state }: ContainerStatus): string {
  const reason = state?.waiting?.reason ?? '';
  if (reason === 'ErrImagePull') return "image can't be pulled";
  return reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
}

/** Without the runtime's name before it. */
export function idOf(containerId: string | undefined): string | undefined {
  const id = containerId?.slice(containerId.indexOf('://') + 3);
  return id === '' ? undefined : id;
}

/** Undefined when the query makes no sense. */
export function logOptions(query: URLSearchParams, now: number): (LogOptions & { readonly isPrevious: boolean }) | undefined {
  const isTrue = (name: string): boolean => ['true', '1', ''].includes(query.get(name) ?? 'false');
  const number = (name: string): number | undefined => (query.get(name) === null ? undefined : Number(query.get(name)));
  const tail = query.get('tail');
  const tailLines = tail !== null && tail !== 'all' ? Number(tail) : tail === 'all' ? undefined : number('tailLines');
  const [limitBytes, sinceSeconds] = [number('limitBytes'), number('sinceSeconds')];
  const sinceTime = query.get('sinceTime');
  const sinceMs = sinceSeconds !== undefined ? now - sinceSeconds * 1000 : sinceTime === null ? undefined : parseTime(sinceTime);
  const stream = query.get('stream') ?? 'All';
  const numbers = [tailLines, limitBytes, sinceSeconds];
  if (numbers.some((value) => value !== undefined && !Number.isInteger(value))) return undefined;
  if ((tailLines ?? 0) < 0 || (limitBytes ?? 1) < 1 || (sinceSeconds ?? 1) < 1 || (sinceSeconds !== undefined && sinceTime !== null)) return undefined;
  if (!['All', 'Stdout', 'Stderr'].includes(stream)) return undefined;
  return {
    isPrevious: isTrue('previous'), follow: isTrue('follow'), timestamps: isTrue('timestamps'), tailLines, limitBytes, sinceMs,
    ...(stream === 'All' ? {} : { stream: stream === 'Stdout' ? 'stdout' as const : 'stderr' as const }),
  };
}
