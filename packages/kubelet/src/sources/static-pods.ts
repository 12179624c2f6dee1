/** Pods from a directory of manifests: they run whether or not there is an API. */
import { Pod, pods } from '@kaji/api/core/v1';
import { type Runtime, sleep } from '@kaji/base';
import type { Files } from '@kaji/host';
import { applyDefaults, DecodeError, formatTime, fromJson, parseYaml } from '@kaji/schema';
import { createHash } from 'node:crypto';

const hashAnnotation = 'kubernetes.io/config.hash';
const sourceAnnotation = 'kubernetes.io/config.source';
const seenAnnotation = 'kubernetes.io/config.seen';
const mirrorAnnotation = 'kubernetes.io/config.mirror';

/** One manifest as a pod of this node. Throws DecodeError when it is none. */
export function staticPod(file: string, text: string, nodeName: string, seenAt: number): Pod {
  const { value } = parseYaml(text);
  const { object } = fromJson<Pod & { kind?: string }>(Pod, value);
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  if (kind !== 'Pod') throw new DecodeError(`invalid pod: a manifest of kind ${String(kind)}`);
  if (object.metadata.name === undefined || object.metadata.name === '') throw new DecodeError('invalid pod: it has no name');
  applyDefaults(Pod, object);
  pods.defaults?.(object);
  // the same text on the same node is the same pod, also after a restart
  const hash = createHash('sha256').update(`${nodeName}\n${file}\n${text}`).digest('hex').slice(0, 32);
  return {
    ...object,
    metadata: {
      ...object.metadata,
      name: `${object.metadata.name}-${nodeName}`,
      namespace: object.metadata.namespace === undefined || object.metadata.namespace === '' ? 'default' : object.metadata.namespace,
      uid: object.metadata.uid === undefined || object.metadata.uid === '' ? hash : object.metadata.uid,
      annotations: { ...object.metadata.annotations, [hashAnnotation]: hash, [sourceAnnotation]: 'file', [seenAnnotation]: formatTime(seenAt) },
    },
    spec: {
      ...object.spec,
      nodeName,
      enableServiceLinks: object.spec.enableServiceLinks ?? true,
      // Kubernetes: what the node's owner put here is not driven away by taints
      tolerations: [...(object.spec.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }],
    },
    status: {},
  };
}

/** The picture of a static pod in the API. */
export function mirrorOf(pod: Pod, node: { readonly name: string; readonly uid: string } | undefined): Pod & { apiVersion: string; kind: string } {
  const { uid: _uid, ...metadata } = pod.metadata;
  const annotations = { ...metadata.annotations, [mirrorAnnotation]: pod.metadata.annotations?.[hashAnnotation] ?? '' };
  const owner = node === undefined ? {} : { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node.name, uid: node.uid, controller: true }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, annotations, ...owner }, spec: pod.spec, status: {} };
}

/** Whether a mirror shows this pod, not an older text of it. */
export const isMirrorOf = (mirror: Pod, pod: Pod): boolean =>
  mirror.metadata.annotations?.[mirrorAnnotation] === pod.metadata.annotations?.[hashAnnotation] && mirror.metadata.deletionTimestamp === undefined;

export interface StaticPodsConfig {
  readonly directory: string;
  readonly nodeName: string;
  readonly rereadMs: number;
}

/** Calls `onPods` with all of them: first now, then whenever the directory changed. */
export async function watchStaticPods(runtime: Pick<Runtime, 'clock' | 'log'>, files: Files, config: StaticPodsConfig, onPods: (pods: readonly Pod[]) => void, signal: AbortSignal): Promise<void> {
  const seen = new Map<string, { readonly text: string; readonly pod: Pod | undefined }>();
  while (!signal.aborted) {
    onPods(await readAll(runtime, files, config, seen));
    await changed(runtime, files, config, signal);
  }
}

async function readAll(runtime: Pick<Runtime, 'clock' | 'log'>, files: Files, { directory, nodeName }: StaticPodsConfig, seen: Map<string, { readonly text: string; readonly pod: Pod | undefined }>): Promise<readonly Pod[]> {
  const names = (await files.list(directory)).filter((name) => !name.startsWith('.'));
  for (const known of seen.keys()) if (!names.includes(known)) seen.delete(known);
  for (const name of names) {
    const text = (await files.status(`${directory}/${name}`))?.kind === 'file' ? await files.readText(`${directory}/${name}`) : undefined;
    if (text === undefined || seen.get(name)?.text === text) continue;
    try {
      seen.set(name, { text, pod: staticPod(name, text, nodeName, runtime.clock.now()) });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      runtime.log.warn('cannot read a static pod', { file: `${directory}/${name}`, reason: error.message });
      // a manifest half written must not end the pod it describes
      seen.set(name, { text, pod: seen.get(name)?.pod });
    }
  }
  return [...seen.values()].flatMap(({ pod }) => pod ?? []);
}

/** Returns when the directory changed, at the latest after the time for reading again. */
async function changed(runtime: Pick<Runtime, 'clock'>, files: Files, { directory, rereadMs }: StaticPodsConfig, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const end = (): void => { stop.abort(); };
  signal.addEventListener('abort', end, { once: true });
  const news = (async () => { for await (const _ of files.watch(directory, stop.signal)) return; })();
  const waiting = sleep(runtime.clock, rereadMs, stop.signal);
  // a directory that is not there cannot be watched: then the time alone counts
  await Promise.race([news.catch(() => waiting), waiting]).catch(() => undefined);
  end();
  signal.removeEventListener('abort', end);
}
