// The class that counts where an object names none: of those marked as default, the newest.
import type { ApiObject } from '@kaji/api';

export function defaultClassOf<T extends ApiObject>(classes: Iterable<T>, ...annotations: readonly string[]): T | undefined {
  const marked = [...classes].filter(({ metadata }) => annotations.some((name) => metadata.annotations?.[name] === 'true'));
  // Times of creation are to the second; of the same second, the first by name.
  return marked.toSorted((a, b) => compare(b.metadata.creationTimestamp, a.metadata.creationTimestamp) || compare(a.metadata.name, b.metadata.name))[0];
}

const compare = (a = '', b = ''): number => (a === b ? 0 : a < b ? -1 : 1);
