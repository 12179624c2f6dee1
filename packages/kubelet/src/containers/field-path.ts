/** What `fieldRef` and `resourceFieldRef` point at. */
import type { Container, Pod } from '@kaji/api/core/v1';
import { quantityMilliValue, quantityValue } from '@kaji/schema';
import { own } from '../own.ts';
import { byteCount, milliCpu } from './resources.ts';

export interface NodeFacts {
  readonly nodeName: string;
  readonly addresses: readonly string[];
  readonly allocatable: { readonly milliCpu: number; readonly memoryBytes: number; readonly ephemeralStorageBytes: number };
}

/** The text of a field; undefined for a path that is not known. `podIps` comes from the sandbox, not from the object. */
export function fieldValue(pod: Pod, path: string, node: NodeFacts, podIps: readonly string[]): string | undefined {
  const subscript = /^metadata\.(annotations|labels)\['(.*)'\]$/.exec(path);
  if (subscript !== null) return own(pod.metadata[subscript[1] === 'labels' ? 'labels' : 'annotations'], subscript[2] ?? '') ?? '';
  switch (path) {
    case 'metadata.name': return pod.metadata.name ?? '';
    case 'metadata.namespace': return pod.metadata.namespace ?? '';
    case 'metadata.uid': return pod.metadata.uid ?? '';
    case 'metadata.labels': return formatMap(pod.metadata.labels ?? {});
    case 'metadata.annotations': return formatMap(pod.metadata.annotations ?? {});
    case 'spec.nodeName': return node.nodeName;
    case 'spec.serviceAccountName': return pod.spec.serviceAccountName ?? '';
    case 'spec.restartPolicy': return pod.spec.restartPolicy ?? '';
    case 'status.hostIP': return node.addresses[0] ?? '';
    case 'status.hostIPs': return node.addresses.join(',');
    case 'status.podIP': return podIps[0] ?? '';
    case 'status.podIPs': return podIps.join(',');
    default: return undefined;
  }
}

/** `key="value"` lines in order of keys, quoted as Go does. */
export const formatMap = (map: Readonly<Record<string, string>>): string =>
  Object.keys(map).sort().map((key) => `${key}=${JSON.stringify(map[key])}`).join('\n');

/** Rounded up to whole units of the divisor. A limit that is not there is what the node can give. */
export function resourceValue(container: Container, resource: string, divisor: string | undefined, node: NodeFacts): string | undefined {
  const match = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)$/.exec(resource);
  if (match === null) return undefined;
  const name = match[2] ?? '';
  const { limits, requests } = container.resources ?? {};
  const text = match[1] === 'limits' ? limits?.[name] : (requests?.[name] ?? limits?.[name]);
  const by = divisor === undefined || divisor === '' || divisor === '0' ? '1' : divisor;
  if (name === 'cpu') {
    const value = text === undefined && match[1] === 'limits' ? node.allocatable.milliCpu : milliCpu(text);
    return String(Math.ceil(value / Number(quantityMilliValue(by))));
  }
  const fallback = match[1] === 'limits' ? allocatableBytes(name, node) : 0;
  return String(Math.ceil((text === undefined ? fallback : byteCount(text)) / Number(quantityValue(by))));
}

function allocatableBytes(name: string, node: NodeFacts): number {
  if (name === 'memory') return node.allocatable.memoryBytes;
  return name === 'ephemeral-storage' ? node.allocatable.ephemeralStorageBytes : 0;
}
