/** Functions on texts. Positions count characters. */
import { RE2JS } from 're2js';
import { patternProblem } from '../pattern.ts';
import type { Implementation } from './functions.ts';
import { Failure, ListValue, noSuchOverload, type Value } from './value.ts';

const outOfRange = (index: bigint): Failure => new Failure(`index out of range: ${String(index)}`);

/** A function of a text and more arguments, which are of the types that the overload names: a text, or a number. */
const onText = (run: (text: string, ...more: (string | bigint)[]) => Value): Implementation => ([text, ...more]) => {
  if (typeof text !== 'string') return noSuchOverload;
  const known = more.filter((value) => typeof value === 'string' || typeof value === 'bigint');
  return known.length === more.length ? run(text, ...known) : noSuchOverload;
};

const withText = (run: (text: string, other: string) => Value): Implementation => ([text, other]) => (typeof text === 'string' && typeof other === 'string' ? run(text, other) : noSuchOverload);

/** Where `part` stands first from a position on. */
function indexOf(text: string, part: string | bigint = '', from: string | bigint = 0n): Value {
  if (typeof part !== 'string' || typeof from !== 'bigint') return noSuchOverload;
  if (part === '') return from;
  if (from < 0n) return outOfRange(from);
  const [characters, wanted] = [[...text], [...part]];
  for (let index = Number(from); index + wanted.length <= characters.length; index++) if (wanted.every((character, at) => characters[index + at] === character)) return BigInt(index);
  return -1n;
}

function lastIndexOf(text: string, part: string | bigint = '', from?: string | bigint): Value {
  const [characters, wanted] = [[...text], typeof part === 'string' ? [...part] : []];
  if (typeof part !== 'string' || typeof from === 'string') return noSuchOverload;
  if (part === '') return from ?? BigInt(characters.length);
  if (from === undefined && characters.length === 0) return -1n;
  const start = from ?? BigInt(characters.length - 1);
  if (start < 0n) return outOfRange(start);
  if (start >= BigInt(characters.length)) return -1n;
  for (let index = Math.min(Number(start), characters.length - wanted.length); index >= 0; index--) if (wanted.every((character, at) => characters[index + at] === character)) return BigInt(index);
  return -1n;
}

function charAt(text: string, at: string | bigint = 0n): Value {
  const characters = [...text];
  if (typeof at !== 'bigint') return noSuchOverload;
  return at < 0n || at > BigInt(characters.length) ? outOfRange(at) : characters[Number(at)] ?? '';
}

function substring(text: string, start: string | bigint = 0n, end?: string | bigint): Value {
  const characters = [...text];
  const length = BigInt(characters.length);
  if (typeof start !== 'bigint' || typeof end === 'string') return noSuchOverload;
  if (end !== undefined && start > end) return new Failure(`invalid substring range. start: ${String(start)}, end: ${String(end)}`);
  if (start < 0n || start > length) return outOfRange(start);
  if (end !== undefined && (end < 0n || end > length)) return outOfRange(end);
  return characters.slice(Number(start), end === undefined ? undefined : Number(end)).join('');
}

function replace(text: string, from: string | bigint = '', to: string | bigint = '', most: string | bigint = -1n): Value {
  if (typeof from !== 'string' || typeof to !== 'string' || typeof most !== 'bigint') return noSuchOverload;
  if (most < 0n) return from === '' ? [...text].reduce((whole, character) => whole + character + to, to) : text.replaceAll(from, () => to);
  const parts = splitParts(text, from, most + 1n);
  // Kubernetes: an empty text stands before each character and at the end.
  if (from !== '') return parts.join(to);
  const characters = [...text];
  const count = Number(most > BigInt(characters.length) ? BigInt(characters.length) + 1n : most);
  return characters.map((character, index) => (index < count ? to + character : character)).join('') + (count > characters.length ? to : '');
}

function splitParts(text: string, separator: string, most: bigint): string[] {
  if (most === 0n) return [];
  const parts = separator === '' ? [...text] : text.split(separator);
  if (most < 0n || BigInt(parts.length) <= most) return parts;
  const kept = parts.slice(0, Number(most) - 1);
  return [...kept, parts.slice(Number(most) - 1).join(separator)];
}

function split(text: string, separator: string | bigint = '', most: string | bigint = -1n): Value {
  return typeof separator === 'string' && typeof most === 'bigint' ? ListValue.of(splitParts(text, separator, most)) : noSuchOverload;
}

const join: Implementation = ([list, separator = '']) => {
  if (!(list instanceof ListValue) || typeof separator !== 'string') return noSuchOverload;
  const texts = list.values().filter((item) => typeof item === 'string');
  return texts.length === list.size ? texts.join(separator) : noSuchOverload;
};

const escapes: Readonly<Record<string, string>> = { '\u0007': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\', '"': '\\"' };
const quote = (text: string): string => `"${Array.from(text.toWellFormed(), (character) => escapes[character] ?? character).join('')}"`;

const ascii = (pattern: RegExp, to: 'toLowerCase' | 'toUpperCase'): Implementation => onText((text) => text.replaceAll(pattern, (letter) => letter[to]()));

const matches = withText((text, pattern) => {
  const problem = patternProblem(pattern);
  return problem === undefined ? RE2JS.compile(pattern).matcher(text).find() : new Failure(problem);
});

/** All that matches, or as many as are wanted. */
function found(text: string, pattern: string | bigint = '', most: string | bigint = -1n): readonly string[] | Failure {
  if (typeof pattern !== 'string' || typeof most !== 'bigint') return noSuchOverload;
  const problem = patternProblem(pattern);
  if (problem !== undefined) return new Failure(problem);
  const matcher = RE2JS.compile(pattern).matcher(text);
  const all: string[] = [];
  while ((most < 0n || BigInt(all.length) < most) && matcher.find()) all.push(matcher.group() ?? '');
  return all;
}

function findFirst(text: string, pattern?: string | bigint): Value {
  const all = found(text, pattern, 1n);
  return all instanceof Failure ? all : all[0] ?? '';
}

function findAll(text: string, pattern?: string | bigint, most?: string | bigint): Value {
  const all = found(text, pattern, most);
  return all instanceof Failure ? all : ListValue.of(all);
}

export const textFunctions: readonly (readonly [string, Implementation])[] = [
  ['contains', withText((text, part) => text.includes(part))], ['startsWith', withText((text, part) => text.startsWith(part))], ['endsWith', withText((text, part) => text.endsWith(part))],
  ['matches', matches], ['find', onText(findFirst)], ['findAll', onText(findAll)],
  ['charAt', onText(charAt)], ['substring', onText(substring)], ['replace', onText(replace)], ['split', onText(split)], ['join', join],
  ['lowerAscii', ascii(/[A-Z]/g, 'toLowerCase')], ['upperAscii', ascii(/[a-z]/g, 'toUpperCase')], ['trim', onText((text) => text.trim())], ['strings.quote', onText(quote)],
];

export const textIndexOf = onText(indexOf);
export const textLastIndexOf = onText(lastIndexOf);
