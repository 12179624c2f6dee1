/** What the printer columns of many kinds share. */
import { formatSelector, humanDuration, parseTime, selectorOf } from '@kaji/schema';
import type { LabelSelector } from '../meta/v1/label-selector.ts';
import type { Column } from '../resource.ts';

export interface Dated {
  readonly metadata: { readonly name?: string | undefined; readonly creationTimestamp?: string | undefined };
}

export const nameColumn: Column<Dated> = { name: 'Name', type: 'string', format: 'name', value: (object) => object.metadata.name ?? '' };

export const ageColumn: Column<Dated> = { name: 'Age', type: 'string', value: (object, now) => age(object.metadata.creationTimestamp, now) };

/** Of kinds that show nothing else. */
export const plainAgeColumns: readonly Column<Dated>[] = [nameColumn, ageColumn];

/** How long ago a time was, as kubectl says it. */
export function age(time: string | undefined, now: number): string {
  const then = time === undefined ? undefined : parseTime(time);
  return then === undefined ? '<unknown>' : humanDuration(now - then);
}

interface Templated {
  readonly containers: readonly { readonly name: string; readonly image?: string | undefined }[];
}

/** The wide columns of everything that has a pod template. */
export const containerColumns = <T>(specOf: (object: T) => Templated | undefined): readonly Column<T>[] => [
  { name: 'Containers', type: 'string', isWide: true, value: (object) => specOf(object)?.containers.map((container) => container.name).join(',') ?? '' },
  { name: 'Images', type: 'string', isWide: true, value: (object) => specOf(object)?.containers.map((container) => container.image ?? '').join(',') ?? '' },
];

/** `a=b,c=d` by name, or `<none>`. */
export function labelText(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.join(',');
}

export function selectorText(selector: LabelSelector | undefined): string {
  const text = formatSelector(selectorOf(selector));
  return text === '' ? '<none>' : text;
}

/** The first three, and how many more there are. */
export function firstThree(values: readonly string[]): string {
  if (values.length === 0) return '<unset>';
  return values.length > 3 ? `${values.slice(0, 3).join(',')} + ${values.length - 3} more...` : values.join(',');
}
