/**
 * Empty lists, maps and bytes that were given. Objects leave them out, for they are stored, written and compared as if they
 * were absent; but Go tells them apart until then, and clients see that in refusals that show the value and in a few rules.
 */

/** Those of an object, by the names of their fields. No walker of fields sees what stands under a symbol. */
const givenEmpty = Symbol('givenEmpty');

interface Noted { [givenEmpty]?: Record<string, unknown> }

/** Says that the field was given, with nothing in it; or with nothing but empty things, where a message that is as good as absent holds some. */
export function noteEmpty(object: object, name: string, value: unknown): void {
  ((object as Noted)[givenEmpty] ??= {})[name] = value; // a note that any object can have
}

/** A list, a map or a message as Go has it after decoding: empty where it was given so, and undefined for nil. */
export function givenValue<T extends object, K extends keyof T & string>(object: T | undefined, name: K): T[K] | undefined {
  const value = object?.[name];
  if (object === undefined || !(value === undefined || isEmptyList(value))) return value;
  return (object as Noted)[givenEmpty]?.[name] as T[K] | undefined; // the decoder noted a value of this field
}

/** Whether the field was given, with nothing in it. */
export const wasGivenEmpty = <T extends object>(object: T, name: keyof T & string): boolean => (object as Noted)[givenEmpty]?.[name] !== undefined; // a note that any object can have

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Takes a field out of an object, and what is noted of it. */
export function dropField<T extends object>(object: T, name: keyof T & string): void {
  Reflect.deleteProperty(object, name);
  const noted = (object as Noted)[givenEmpty]; // a note that any object can have
  if (noted !== undefined) Reflect.deleteProperty(noted, name);
}

/** Whether something empty was given anywhere in it: Go's plain comparison calls it different from the same that was read from storage. */
export function holdsGivenEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsGivenEmpty);
  const noted = (value as Noted)[givenEmpty]; // a note that any object can have
  const fields = value as Readonly<Record<string, unknown>>; // an object of whatever fields
  // A default may have taken the place of what was empty.
  if (noted !== undefined && Object.keys(noted).some((name) => isEmpty(fields[name]))) return true;
  for (const name in fields) {
    const item = fields[name];
    if (typeof item === 'object' && item !== null && holdsGivenEmpty(item)) return true;
  }
  return false;
}

/** Forgets, in place, what was given empty: in what is stored it is absent. */
export function forgetGivenEmpty(object: object): void {
  if ((object as Noted)[givenEmpty] !== undefined) Reflect.deleteProperty(object, givenEmpty); // a note that any object can have
  // All values at once: when they are asked for by name, the compiler tries anew for each shape of object, and never comes to rest.
  for (const item of Object.values(object)) if (typeof item === 'object' && item !== null) forgetGivenEmpty(item as object); // neither a scalar nor null
}

/** Whether something empty was given in the message itself. */
export const isNoted = (message: object): boolean => givenEmpty in message;

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === undefined || value === '';
  for (const _ in value) return false;
  return true;
}
