/** Thrown for our own mistakes: a request answers 500, a component exits. Never caught to carry on. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** Stays on in production. */
export function assert(claim: boolean, message: string): asserts claim {
  if (!claim) throw new AssertionError(message);
}

/** The value, which the caller knows to be there. */
export function defined<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new AssertionError(`${what} is missing`);
  return value;
}

/** For the default branch of a switch over a union. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`);
}
