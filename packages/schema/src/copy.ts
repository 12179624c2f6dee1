/** Copies of decoded objects, for those who change them and may have to start again. */

/** A copy down to the last item, with what is noted of empty things that were given, which the platform's own copying would lose. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T; // items are copied to what they are
  const copy = { ...value } as Record<string, unknown>; // an object that is no list
  for (const [name, item] of Object.entries(copy)) if (typeof item === 'object' && item !== null) copy[name] = copyOf(item);
  return copy as T; // as above
}
