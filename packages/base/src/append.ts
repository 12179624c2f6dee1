/** Puts many items at the end of a list. A spread call would do, were there not a stack that some 100,000 arguments overflow. */
export function append<T>(list: T[], ...parts: readonly Iterable<T>[]): void {
  for (const items of parts) for (const item of items) list.push(item);
}
