/** What volumes are warned of that put several files at one path, or one below another. */
import type { Volume, VolumeProjection } from './volume.ts';

interface Placed {
  readonly path: string;
  /** What makes the file; empty where the volume has one source. */
  readonly source: string;
}

const quote = (text: string): string => JSON.stringify(text);
const textOf = ({ path, source }: Placed): string => (source === '' ? quote(path) : `${quote(path)} (${source})`);
const isWithin = (path: string, other: string): boolean => `${path}/`.startsWith(`${other}/`);

/** How many pairs of files are looked at. Of files that nobody counts any more, the first are told. */
const pairLimit = 500_000;

/** `a with b` for each pair that overlaps. */
function overlaps(files: readonly Placed[]): readonly string[] {
  const seen: Placed[] = [];
  const found: string[] = [];
  let pairs = 0;
  for (const { path: given, source } of files) {
    const file = { path: given.replace(/\/+$/, ''), source };
    if (file.path === '') continue;
    if ((pairs += seen.length) > pairLimit) break;
    for (const other of seen) if (isWithin(other.path, file.path) || isWithin(file.path, other.path)) found.push(`${textOf(file)} with ${textOf(other)}`);
    seen.push(file);
  }
  return found;
}

const placed = (items: readonly { readonly path: string }[] | undefined, source: string): readonly Placed[] => (items ?? []).map(({ path }) => ({ path, source }));

/** Kubernetes: of several sources in one, only the first that has files counts. */
function filesOf({ configMap, secret, downwardAPI, serviceAccountToken }: VolumeProjection): readonly Placed[] {
  if (configMap?.items !== undefined) return placed(configMap.items, `ConfigMap ${quote(configMap.name ?? '')}`);
  if (secret?.items !== undefined) return placed(secret.items, `Secret ${quote(secret.name ?? '')}`);
  if (downwardAPI?.items !== undefined) return placed(downwardAPI.items, 'DownwardAPI');
  return serviceAccountToken === undefined ? [] : [{ path: serviceAccountToken.path, source: 'ServiceAccountToken' }];
}

const isEmpty = (source: VolumeProjection): boolean => Object.values(source).every((value) => value === undefined);

export function volumePathWarnings(volumes: readonly Volume[]): readonly string[] {
  return volumes.flatMap(({ name, configMap, secret, downwardAPI, projected }) => {
    const say = (what: string, files: readonly Placed[]): readonly string[] => overlaps(files).map((pair) => `volume ${quote(name)} (${what}): overlapping paths: ${pair}`);
    const sources = projected?.sources ?? [];
    return [
      ...say(`ConfigMap ${quote(configMap?.name ?? '')}`, placed(configMap?.items, '')), ...say(`Secret ${quote(secret?.secretName ?? '')}`, placed(secret?.items, '')), ...say('DownwardAPI', placed(downwardAPI?.items, '')),
      ...sources.filter(isEmpty).map(() => `volume ${quote(name)} (Projected) has no sources provided`), ...say('Projected', sources.flatMap(filesOf)),
    ];
  });
}
