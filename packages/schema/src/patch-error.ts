import { valueText } from './json-encode.ts';

/** A patch that does not fit the object. The message is upstream's text; which status it travels with depends on the kind of patch. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
}

/** A value as Go's `%v` prints it: `map[a:1 b:[x y]]`. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return valueText(value);
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  return `map[${Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, item]) => `${key}:${goText(item)}`).join(' ')}]`;
}
