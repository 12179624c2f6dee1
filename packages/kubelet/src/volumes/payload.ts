/** The files of configMap, secret, downwardAPI and projected volumes, as data. */
import type { ConfigMap, Pod, Secret, Volume } from '@kaji/api/core/v1';
import { fieldValue, type NodeFacts, resourceValue } from '../containers/field-path.ts';

export interface PayloadFile {
  readonly content: Uint8Array;
  readonly mode: number;
  /** Owner, where it is not root. */
  readonly uid?: number;
}

/** Relative paths to files. */
export type Payload = ReadonlyMap<string, PayloadFile>;

/** A volume cannot be made as it is described; the text goes into the FailedMount event. */
export class VolumeError extends Error {
  override readonly name = 'VolumeError';
}

export interface PayloadSources {
  configMap(name: string): Promise<ConfigMap | undefined>;
  secret(name: string): Promise<Secret | undefined>;
  token(audience: string, expirationSeconds: number): Promise<string>;
  readonly node: NodeFacts;
  readonly podIps: readonly string[];
}

const defaultMode = 0o644;
const text = new TextEncoder();
const fromBase64 = (value: string): Uint8Array => Buffer.from(value, 'base64');

type Item = { readonly key: string; readonly path: string; readonly mode?: number | undefined };

/** True for volumes whose content comes from here; they change while the pod runs. */
export const hasPayload = (volume: Volume): boolean =>
  volume.configMap !== undefined || volume.secret !== undefined || volume.downwardAPI !== undefined || volume.projected !== undefined;

export async function payloadOf(pod: Pod, volume: Volume, sources: PayloadSources): Promise<Payload> {
  const files = new Map<string, PayloadFile>();
  if (volume.configMap !== undefined) {
    const { name = '', items, optional, defaultMode: mode = defaultMode } = volume.configMap;
    addAll(files, await configMapFiles(sources, name, { items, isOptional: optional === true, mode }));
  } else if (volume.secret !== undefined) {
    const { secretName = '', items, optional, defaultMode: mode = defaultMode } = volume.secret;
    addAll(files, await secretFiles(sources, secretName, { items, isOptional: optional === true, mode }));
  } else if (volume.downwardAPI !== undefined) {
    addAll(files, downwardFiles(pod, volume.downwardAPI.items ?? [], volume.downwardAPI.defaultMode ?? defaultMode, sources));
  } else if (volume.projected !== undefined) {
    const mode = volume.projected.defaultMode ?? defaultMode;
    for (const source of volume.projected.sources ?? []) addAll(files, await projectedFiles(pod, source, mode, sources));
  }
  return files;
}

type Projection = NonNullable<NonNullable<NonNullable<Volume['projected']>['sources']>[number]>;

async function projectedFiles(pod: Pod, source: Projection, mode: number, sources: PayloadSources): Promise<Payload> {
  if (source.configMap !== undefined) {
    return configMapFiles(sources, source.configMap.name ?? '', { items: source.configMap.items, isOptional: source.configMap.optional === true, mode });
  }
  if (source.secret !== undefined) {
    return secretFiles(sources, source.secret.name ?? '', { items: source.secret.items, isOptional: source.secret.optional === true, mode });
  }
  if (source.downwardAPI !== undefined) return downwardFiles(pod, source.downwardAPI.items ?? [], mode, sources);
  if (source.serviceAccountToken !== undefined) {
    const { audience = '', expirationSeconds = 3600, path } = source.serviceAccountToken;
    const content = text.encode(await sources.token(audience, expirationSeconds));
    const uid = onlyUser(pod);
    // Kubernetes: with one user for the whole pod, or a group, the token is theirs alone
    const isTheirs = uid !== undefined || pod.spec.securityContext?.fsGroup !== undefined;
    return new Map([[path, { content, mode: isTheirs ? 0o600 : mode, ...(uid === undefined ? {} : { uid }) }]]);
  }
  throw new VolumeError('a projected source of this kind is not supported');
}

/** The user that every container runs as, where they agree. */
function onlyUser(pod: Pod): number | undefined {
  const users = new Set([...pod.spec.containers, ...(pod.spec.initContainers ?? []), ...(pod.spec.ephemeralContainers ?? [])].map((container) => container.securityContext?.runAsUser ?? pod.spec.securityContext?.runAsUser));
  const [user] = users;
  return users.size === 1 ? user : undefined;
}

interface Selection {
  readonly items: readonly Item[] | undefined;
  readonly isOptional: boolean;
  readonly mode: number;
}

async function configMapFiles(sources: PayloadSources, name: string, selection: Selection): Promise<Payload> {
  const found = await sources.configMap(name);
  if (found === undefined && !selection.isOptional) throw new VolumeError(`configmap "${name}" not found`);
  const data = new Map<string, Uint8Array>();
  for (const [key, value] of Object.entries(found?.data ?? {})) data.set(key, text.encode(value));
  for (const [key, value] of Object.entries(found?.binaryData ?? {})) data.set(key, fromBase64(value));
  return select(data, selection);
}

async function secretFiles(sources: PayloadSources, name: string, selection: Selection): Promise<Payload> {
  const found = await sources.secret(name);
  if (found === undefined && !selection.isOptional) throw new VolumeError(`secret "${name}" not found`);
  return select(new Map(Object.entries(found?.data ?? {}).map(([key, value]) => [key, fromBase64(value)])), selection);
}

function select(data: ReadonlyMap<string, Uint8Array>, { items, isOptional, mode }: Selection): Payload {
  if (items === undefined || items.length === 0) return new Map([...data].map(([key, content]) => [key, { content, mode }]));
  const files = new Map<string, PayloadFile>();
  for (const item of items) {
    const content = data.get(item.key);
    if (content !== undefined) files.set(item.path, { content, mode: item.mode ?? mode });
    else if (!isOptional) throw new VolumeError(`references non-existent config key: ${item.key}`);
  }
  return files;
}

type DownwardItem = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number];

function downwardFiles(pod: Pod, items: readonly DownwardItem[], mode: number, { node, podIps }: PayloadSources): Payload {
  return new Map(items.map((item) => [item.path, { content: text.encode(downwardValue(pod, item, node, podIps)), mode: item.mode ?? mode }]));
}

function downwardValue(pod: Pod, { fieldRef, resourceFieldRef }: DownwardItem, node: NodeFacts, podIps: readonly string[]): string {
  if (fieldRef !== undefined) {
    const value = fieldValue(pod, fieldRef.fieldPath, node, podIps);
    if (value === undefined) throw new VolumeError(`unsupported fieldPath: ${fieldRef.fieldPath}`);
    return value;
  }
  const container = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((other) => other.name === resourceFieldRef?.containerName);
  const value = container === undefined ? undefined : resourceValue(container, resourceFieldRef?.resource ?? '', resourceFieldRef?.divisor, node);
  if (value === undefined) throw new VolumeError(`unsupported container resource : ${resourceFieldRef?.resource ?? ''}`);
  return value;
}

function addAll(files: Map<string, PayloadFile>, more: Payload): void {
  for (const [path, file] of more) files.set(path, file);
}
