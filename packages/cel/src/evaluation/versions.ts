/** Semantic versions as values: semver.org, version 2.0.0. */
import { goQuoted } from '@kaji/schema';
import type { Implementation } from './functions.ts';
import { type AddedValue, Failure, noSuchOverload, type Value } from './value.ts';

/** Major, minor and patch. */
type Numbers = readonly [bigint, bigint, bigint];

export class VersionValue implements AddedValue {
  readonly kind = 'added';
  readonly typeName = 'kubernetes.Semver';
  readonly goType = 'cel.Semver';
  readonly numbers: Numbers;
  /** What comes behind `-`: numbers, and texts, which are greater. */
  readonly #release: readonly (bigint | string)[];

  readonly #text: string;

  constructor(text: string, numbers: Numbers, release: readonly (bigint | string)[]) {
    this.#text = text;
    this.numbers = numbers;
    this.#release = release;
  }

  get native(): string {
    return `(semver.Version)${this.#text}`;
  }

  isEqual(other: Value): boolean | Failure {
    return other instanceof VersionValue ? this.compare(other) === 0n : noSuchOverload;
  }

  compare(other: VersionValue): bigint {
    for (const [index, number] of this.numbers.entries()) {
      const difference = number - (other.numbers[index] ?? 0n);
      if (difference !== 0n) return difference > 0n ? 1n : -1n;
    }
    const [mine, others] = [this.#release, other.#release];
    if (mine.length === 0 || others.length === 0) return BigInt(Math.sign(others.length - mine.length));
    for (const [index, part] of mine.entries()) {
      const against = others[index];
      if (against === undefined) return 1n;
      if (part !== against) return comesBefore(part, against) ? -1n : 1n;
    }
    return mine.length < others.length ? -1n : 0n;
  }
}

const comesBefore = (left: bigint | string, right: bigint | string): boolean => (typeof left === typeof right ? left < right : typeof left === 'bigint');

class Unreadable extends Error {}

const mostNumber = 2n ** 64n - 1n;

function number(text: string): bigint {
  const value = text === '' ? undefined : BigInt(text);
  if (value === undefined) throw new Unreadable('strconv.ParseUint: parsing "": invalid syntax');
  if (value > mostNumber) throw new Unreadable(`strconv.ParseUint: parsing ${goQuoted(text)}: value out of range`);
  return value;
}

function namedNumber(text: string, name: string): bigint {
  if (!/^\d*$/.test(text)) throw new Unreadable(`Invalid character(s) found in ${name} number ${goQuoted(text)}`);
  if (/^0./.test(text)) throw new Unreadable(`${name.charAt(0).toUpperCase()}${name.slice(1)} number must not contain leading zeroes ${goQuoted(text)}`);
  return number(text);
}

function releasePart(text: string): bigint | string {
  if (text === '') throw new Unreadable('Prerelease is empty');
  if (!/^[\dA-Za-z-]*$/.test(text)) throw new Unreadable(`Invalid character(s) found in prerelease ${goQuoted(text)}`);
  if (!/^\d+$/.test(text)) return text;
  if (/^0./.test(text)) throw new Unreadable(`Numeric PreRelease version must not contain leading zeroes ${goQuoted(text)}`);
  return number(text);
}

/** The text before a separator, and the parts between points behind it; none without the separator. */
function cut(text: string, separator: string): readonly [string, readonly string[]] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, []] : [text.slice(0, index), text.slice(index + 1).split('.')];
}

/** At most three parts between points: the last one keeps its own. */
function inThree(text: string): string[] {
  const [major = '', minor, ...rest] = text.split('.');
  return [major, ...(minor === undefined ? [] : [minor]), ...(rest.length === 0 ? [] : [rest.join('.')])];
}

function parse(text: string): VersionValue {
  if (text === '') throw new Unreadable('Version string empty');
  const [major, minor, rest] = inThree(text);
  if (major === undefined || minor === undefined || rest === undefined) throw new Unreadable('No Major.Minor.Patch elements found');
  const first = [namedNumber(major, 'major'), namedNumber(minor, 'minor')] as const;
  const [withRelease, build] = cut(rest, '+');
  const [patch, release] = cut(withRelease, '-');
  const version = new VersionValue(text, [...first, namedNumber(patch, 'patch')], release.map(releasePart));
  for (const part of build) {
    if (part === '') throw new Unreadable('Build meta data is empty');
    if (!/^[\dA-Za-z-]*$/.test(part)) throw new Unreadable(`Invalid character(s) found in build meta data ${goQuoted(part)}`);
  }
  return version;
}

/** A version as people write them: `v1.2`, `01.2.3`. */
function whole(text: string): string {
  const parts = inThree(text.replace(/^v/, '')).map((part) => {
    if (part.length <= 1) return part;
    const plain = part.replace(/^0+/, '');
    return /^\d/.test(plain) ? plain : `0${plain}`;
  });
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? '')) throw new Unreadable('short version cannot contain PreRelease/Build meta data');
  while (parts.length < 3) parts.push('0');
  return parts.join('.');
}

function read([text, isLenient = false]: readonly Value[]): VersionValue | Failure {
  if (typeof text !== 'string' || typeof isLenient !== 'boolean') return noSuchOverload;
  try {
    return parse(isLenient ? whole(text) : text);
  } catch (error) {
    if (error instanceof Unreadable) return new Failure(error.message);
    throw error;
  }
}

const onVersion = (run: (version: VersionValue) => Value): Implementation => ([version]) => (version instanceof VersionValue ? run(version) : noSuchOverload);
const onTwo = (run: (order: bigint) => Value): Implementation => ([left, right]) => (left instanceof VersionValue && right instanceof VersionValue ? run(left.compare(right)) : noSuchOverload);

export const versionFunctions: readonly (readonly [string, Implementation])[] = [
  ['semver', read], ['isSemver', (args) => {
    const version = read(args);
    return version === noSuchOverload ? version : version instanceof VersionValue;
  }],
  ['major', onVersion(({ numbers }) => BigInt.asIntN(64, numbers[0]))], ['minor', onVersion(({ numbers }) => BigInt.asIntN(64, numbers[1]))], ['patch', onVersion(({ numbers }) => BigInt.asIntN(64, numbers[2]))],
  ['isGreaterThan', onTwo((order) => order > 0n)], ['isLessThan', onTwo((order) => order < 0n)], ['compareTo', onTwo((order) => order)],
];
