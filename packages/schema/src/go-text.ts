/** Values as Go prints them inside messages. */
import { doubleText } from '@kaji/base';
import { valueText } from './json-encode.ts';

/** As Go's `%v` prints it: `map[a:1 b:[x y]]`. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'string') return value;
  // What is whole is an int64 there, whatever it is here.
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return doubleText(value);
  if (typeof value !== 'object') return valueText(value);
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  return `map[${Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, item]) => `${key}:${goText(item)}`).join(' ')}]`;
}

/** As Go's `%#v` prints a value that was decoded into maps by keys of that type, lists and scalars. */
export function goSyntax(value: unknown, keys = 'string'): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value !== 'object') return valueText(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map((item) => goSyntax(item, keys)).join(', ')}}`;
  return `map[${keys}]interface {}{${Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)).map(([key, item]) => `${valueText(key)}:${goSyntax(item, keys)}`).join(', ')}}`;
}

const short: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\u0007': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v' };

/** As Go's `%q` prints it: in double quotes, and what cannot be shown escaped. */
export const goQuoted = (text: string): string => `"${text.replaceAll(/["\\]|[[\p{C}\p{Z}]--[\u0020]]/gv, (character) => short[character] ?? escaped(character.codePointAt(0) ?? 0))}"`;

function escaped(code: number): string {
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code >= 0xd800 && code < 0xe000) return '\ufffd'; // half a character is none
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
