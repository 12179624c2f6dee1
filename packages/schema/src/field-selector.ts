/** Field selectors: `spec.nodeName=a,status.phase!=Running`. Which fields there are is the kind's business. */
import { DecodeError } from './decode-error.ts';

export interface FieldTerm {
  readonly path: string;
  readonly isEqual: boolean;
  readonly value: string;
}

/** All terms must hold. */
export type FieldSelector = readonly FieldTerm[];

export const matchesFields = (selector: FieldSelector, get: (path: string) => string): boolean => selector.every(({ path, isEqual, value }) => (get(path) === value) === isEqual);

/** Commas that no backslash stands before part the terms. */
function split(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === ',') {
      terms.push(text.slice(start, i));
      start = i + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function unescaped(text: string): string {
  let value = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (character === '\\') {
      const next = text[++i] ?? '';
      if (!['\\', ',', '='].includes(next)) throw new DecodeError(`invalid field selector: invalid escape sequence: \\${next}`);
      value += next;
    } else if (character === ',' || character === '=') {
      throw new DecodeError(`invalid field selector: unescaped character in value: ${character.charCodeAt(0)}`);
    } else value += character;
  }
  return value;
}

/** Throws DecodeError with upstream's words. */
export function parseFieldSelector(text: string): FieldSelector {
  return split(text).sort().filter((term) => term !== '').map((term) => {
    const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
    if (match === null) throw new DecodeError(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, path = '', operator = '', value = ''] = match;
    return { path, isEqual: operator !== '!=', value: unescaped(value) };
  });
}

const escaped = (value: string): string => value.replace(/[\\,=]/g, '\\$&');

export const formatFieldSelector = (selector: FieldSelector): string => selector.map(({ path, isEqual, value }) => `${path}${isEqual ? '=' : '!='}${escaped(value)}`).join(',');
