/** Writes YAML as upstream does: keys sorted, lists not indented below their key, strings quoted only where a YAML 1.1 reader would take them for something else. */
import type { MessageType } from './field.ts';
import { compareKeys, jsonText } from './json-encode.ts';
import { parseJson } from './json-parse.ts';

const encoder = new TextEncoder();

/** The YAML of an object, with a line break at its end. */
export const encodeYaml = <T>(type: MessageType<T>, object: T): Uint8Array => encoder.encode(yamlText(parseJson(jsonText(type, object)).value));

/** The YAML of any JSON value. */
export function yamlText(value: unknown): string {
  if (isEmpty(value) || typeof value !== 'object') return `${inline(value, 0)}\n`;
  return block(value as object, 0); // isEmpty answers for null
}

const isEmpty = (value: unknown): boolean => value === null || (typeof value === 'object' && Object.keys(value).length === 0);

function block(value: object, indent: number): string {
  const space = ' '.repeat(indent);
  if (Array.isArray(value)) {
    return value.map((item: unknown) => {
      if (typeof item !== 'object' || isEmpty(item)) return `${space}- ${inline(item, indent, indent + 2)}\n`;
      return `${space}- ${block(item as object, indent + 2).slice(indent + 2)}`; // isEmpty answers for null
    }).join('');
  }
  return Object.entries(value).filter(([, item]) => item !== undefined).sort(([left], [right]) => compareKeys(left, right)).map(([key, item]) => {
    const name = inline(key, -1);
    const start = name.length > 128 ? `${space}? ${name}\n${space}:` : `${space}${name}:`;
    if (typeof item !== 'object' || isEmpty(item)) return `${start} ${inline(item, indent, start.length + 1)}\n`;
    return Array.isArray(item) ? `${start}\n${block(item, indent)}` : `${start}\n${block(item as object, indent + 2)}`; // isEmpty answers for null
  }).join('');
}

/** A scalar or an empty collection. An indent of -1 stands for a key, which must fit on a line. */
function inline(value: unknown, indent: number, startColumn = 0): string {
  switch (typeof value) {
    case 'string': return text(value, indent, startColumn);
    case 'number': case 'bigint': case 'boolean': return String(value);
    default: return Array.isArray(value) ? '[]' : value === null || value === undefined ? 'null' : '{}';
  }
}

/** What a YAML 1.1 reader takes for a null, a bool, a number or a time. */
const isAmbiguous = (value: string): boolean =>
  /^(?:~|null|Null|NULL|y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE|<<|=)?$/.test(value) ||
  /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*|\.(?:inf|Inf|INF))$/.test(value) || /^\.(?:nan|NaN|NAN)$/.test(value) ||
  /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/.test(value) ||
  /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(value) ||
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|\s+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?\s*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?)?)?$/.test(value);

// oxlint-disable-next-line no-control-regex
const isSpecial = (value: string): boolean => /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/.test(value.replaceAll('\t', '\u0000'));

const isPlainAllowed = (value: string): boolean =>
  !/^[,[\]{}#&*!|>'"%@`]/.test(value) && !/^[-?:](?:\s|$)/.test(value) && !/^(?:---|\.\.\.)/.test(value) && !/:(?:\s|$)/.test(value) && !/\s#/.test(value) && !/^\s|\s$/.test(value);

function text(value: string, indent: number, startColumn: number): string {
  if (value.includes('\n') && indent >= 0 && !isSpecial(value) && !/ (?:\n|$)/.test(value)) return literal(value, indent);
  if (isSpecial(value) || value.includes('\n') || isAmbiguous(value)) return doubleQuoted(value);
  const line = isPlainAllowed(value) ? value : `'${value.replaceAll("'", "''")}'`;
  return indent < 0 ? line : folded(line, startColumn, indent + 2);
}

/** Kubernetes: lines break at the first lone space after 80 columns. */
function folded(line: string, startColumn: number, indent: number): string {
  if (startColumn + line.length <= 80) return line;
  let text = '';
  let column = startColumn;
  for (let i = 0; i < line.length; i++) {
    const isLone = line[i] === ' ' && line[i - 1] !== ' ' && line[i + 1] !== ' ' && i > 1 && i < line.length - 2;
    if (isLone && column > 80) {
      text += `\n${' '.repeat(indent)}`;
      column = indent;
    } else {
      text += line[i] ?? '';
      column++;
    }
  }
  return text;
}

function literal(value: string, indent: number): string {
  const space = ' '.repeat(indent + 2);
  const chomp = !value.endsWith('\n') ? '-' : value.endsWith('\n\n') || value === '\n' ? '+' : '';
  const hint = /^[ \n]/.test(value) ? '2' : '';
  const lines = (value.endsWith('\n') ? value.slice(0, -1) : value).split('\n').map((line) => (line === '' ? '' : `${space}${line}`));
  return `|${hint}${chomp}\n${lines.join('\n')}`;
}

const named: Readonly<Record<string, string>> = { '\0': '\\0', '\x07': '\\a', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\v': '\\v', '\f': '\\f', '\r': '\\r', '\x1b': '\\e', '"': '\\"', '\\': '\\\\', '\x85': '\\N', '\u2028': '\\L', '\u2029': '\\P' };

// oxlint-disable-next-line no-control-regex
const doubleQuoted = (value: string): string => `"${value.replace(/[\u0000-\u001f"\\\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (character) => {
  const code = character.charCodeAt(0);
  return named[character] ?? (code < 0x100 ? `\\x${code.toString(16).toUpperCase().padStart(2, '0')}` : `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`);
})}"`;
