/**
 * How much one request's body may hold. No honest one has as many parts: a map of so many entries, and who owns each of them,
 * is more than the store takes. Checking millions of empty ones would hold up everybody else.
 */

/** Messages and entries of maps, together. */
export const partLimit = 65_536;
/** How many messages lie in each other: walks of objects go down by the stack. Of schemas of custom resources as many. */
export const depthLimit = 1000;
/** Different names in a text of JSON: those of a map of `partLimit` entries, and of the fields that their owners are noted by. */
export const nameLimit = 2 * partLimit;

/** Whether objects and lists lie deeper in each other than `depthLimit`. Looks at one level after the other. */
export function isTooDeep(value: unknown): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > depthLimit) return true;
    level = level.flatMap((container) => Object.values(container)).filter(isContainer);
  }
  return false;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;
