/** A stream of numbers in [0, 1). */
export type Random = () => number;

/** One independent stream per purpose, so that a new consumer does not shift the others. */
export interface RandomStreams {
  stream(purpose: string): Random;
}

/** Streams that repeat for a given seed. Asked for twice, a stream goes on where it was: it does not begin anew. */
export function seededStreams(seed: number): RandomStreams {
  const streams = new Map<string, Random>();
  return {
    stream(purpose) {
      const random = streams.get(purpose) ?? mulberry32(hash(`${seed}/${purpose}`));
      streams.set(purpose, random);
      return random;
    },
  };
}

/** A version 4 UUID. */
export function uuid(random: Random): string {
  const [a, b, c, d] = [eightDigits(random), eightDigits(random), eightDigits(random), eightDigits(random)];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-${variants.charAt(Math.floor(random() * 4))}${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

const variants = '89ab';

const eightDigits = (random: Random): string => Math.floor(random() * 0x100000000).toString(16).padStart(8, '0');

/** Kubernetes: generated names use this alphabet, which has no vowels and no look-alikes. */
const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** The random end of a generated name. */
export function nameSuffix(random: Random, length = 5): string {
  let suffix = '';
  for (let index = 0; index < length; index++) suffix += nameAlphabet.charAt(Math.floor(random() * nameAlphabet.length));
  return suffix;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

function mulberry32(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
