/** `"%d of %s".format([...])`: whether the text can be read, and its arguments are of types that its clauses print. */
import type { Checked } from './check.ts';
import type { CallExpression, Expression, Issue } from './expression.ts';
import { dynType, type Kind } from './type.ts';

export interface Clause {
  readonly kinds: readonly Kind[];
  /** What is said of an argument of another type. */
  readonly refusal: string;
}

const integers: readonly Kind[] = ['int', 'uint'];
const binary: Clause = { kinds: [...integers, 'bool'], refusal: 'only integers and bools can be formatted as binary' };
const decimal: Clause = { kinds: integers, refusal: 'decimal clause can only be used on integers' };
const fixed: Clause = { kinds: ['double', 'string'], refusal: 'fixed-point clause can only be used on doubles' };
const hexadecimal: Clause = { kinds: [...integers, 'string', 'bytes'], refusal: 'only integers, byte buffers, and strings can be formatted as hex' };
const octal: Clause = { kinds: integers, refusal: 'octal clause can only be used on integers' };
const scientific: Clause = { kinds: ['double', 'string'], refusal: 'scientific clause can only be used on doubles' };
const text: Clause = {
  kinds: ['list', 'map', 'int', 'uint', 'double', 'bool', 'string', 'timestamp', 'bytes', 'duration', 'type', 'null'],
  refusal: 'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
};

const clauses: ReadonlyMap<string, Clause> = new Map([['s', text], ['d', decimal], ['f', fixed], ['e', scientific], ['b', binary], ['x', hexadecimal], ['X', hexadecimal], ['o', octal]]);

/** What is wrong with a call of `format` whose text and list of arguments are literals; undefined of good and of other calls. */
export function formatIssue(call: CallExpression, checked: Checked): Issue | undefined {
  const [list] = call.args;
  if (call.name !== 'format' || call.target?.kind !== 'literal' || call.target.literal.type !== 'string' || call.args.length !== 1 || list?.kind !== 'list') return undefined;
  const { elements } = list;
  const bytes = byteCharacters(call.target.literal.value);
  let used = 0;
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] !== '%') continue;
    if (bytes[index + 1] === '%') {
      index++;
      continue;
    }
    if (index + 1 >= bytes.length) return { offset: call.offset, message: 'unexpected end of string' };
    const element = elements[used];
    if (element === undefined) return { offset: call.offset, message: `index ${used} out of range` };
    used++;
    const read = readClause(bytes, index + 1);
    if (typeof read === 'string') return { offset: call.offset, message: `could not parse formatting clause: ${read}` };
    const refused = refusedPart(element, read.clause, checked);
    if (refused !== undefined) return { offset: refused.offset, message: `error during formatting: ${read.clause.refusal}, was given ${(checked.types.get(refused.id) ?? dynType).name}` };
    index = read.end - 1;
  }
  return elements.length > used ? { offset: call.offset, message: `too many arguments supplied to string.format (expected ${used}, got ${elements.length})` } : undefined;
}

/** The bytes of a text, each as a character. */
export const byteCharacters = (value: string): string => Array.from(new TextEncoder().encode(value), (byte) => String.fromCharCode(byte)).join('');

/** A clause as it stands in a text. */
export interface WrittenClause {
  readonly clause: Clause;
  readonly letter: string;
  readonly precision: number | undefined;
  readonly end: number;
}

/** The clause after a per cent sign and where it ends, or why there is none. Bytes are characters here. */
export function readClause(bytes: string, start: number): WrittenClause | string {
  let at = start;
  let precision: number | undefined;
  if (bytes[at] === '.') {
    const digits = /^\d*/.exec(bytes.slice(at + 1))?.[0] ?? '';
    at += 1 + digits.length;
    if (at >= bytes.length) return 'error while parsing precision: could not find end of precision specifier';
    const problem = digits === '' ? 'invalid syntax' : BigInt(digits) >= 2n ** 63n ? 'value out of range' : undefined;
    precision = Number(digits);
    if (problem !== undefined) return `error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing "${digits}": ${problem}`;
  }
  const letter = bytes[at] ?? '';
  const clause = clauses.get(letter);
  return clause === undefined ? `unrecognized formatting clause "${letter}"` : { clause, letter, precision, end: at + 1 };
}

/** The argument, or the part of a list or map printed as text, that the clause does not print. */
function refusedPart(expression: Expression, clause: Clause, checked: Checked): Expression | undefined {
  const { kind } = checked.types.get(expression.id) ?? dynType;
  if (kind !== 'dyn' && !clause.kinds.includes(kind)) return expression;
  if (clause !== text) return undefined;
  const parts = expression.kind === 'list' ? expression.elements : expression.kind === 'map' ? expression.entries.flatMap(({ key, value }) => [key, value]) : [];
  for (const part of parts) {
    const refused = refusedPart(part, clause, checked);
    if (refused !== undefined) return refused;
  }
  return undefined;
}
