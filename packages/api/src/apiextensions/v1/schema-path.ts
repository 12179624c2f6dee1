/** Paths into custom resources (`.spec.names['a.b']`), as rules and selectors of schemas name fields. */
import type { JSONSchemaProps } from './custom-resource-definition-spec.ts';
import { hasProperties, propertyOf, valuesOf } from './schema-parts.ts';

/** A path that leads somewhere, as messages write it, and the schema there. */
export interface FoundPath {
  readonly text: string;
  /** The name of the first field. */
  readonly root: string;
  readonly schema: JSONSchemaProps | undefined;
}

const names: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', "'": "'", '\\': '\\' };

/** What a path is made of: points, brackets, texts in single quotes, names. Undefined where a quote is not closed. */
function tokensOf(path: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < path.length;) {
    const token = (path[at] === "'" ? /^'(?:[^']|(?<=\\)')*?(?<!\\)'/s : /^(?:[.[\]]|[^.[\]]+)/s).exec(path.slice(at))?.[0] ?? path.slice(at);
    tokens.push(token);
    at += token.length;
  }
  return tokens;
}

function unescaped(quoted: string): { readonly text: string } | { readonly problem: string } {
  let odd: string | undefined;
  const text = quoted.replaceAll(/\\./g, (escape) => {
    const character = names[escape[1] ?? ''];
    if (character === undefined) odd = escape;
    return character ?? '';
  });
  return odd === undefined ? { text } : { problem: `invalid string literal: invalid escape char ${odd}` };
}

/** Follows a path through a schema: what it leads to, or why it leads nowhere. */
export function findPath(path: string, schema: JSONSchemaProps, allowsBrackets = true): FoundPath | string {
  const tokens = tokensOf(path);
  let at: JSONSchemaProps | undefined = schema;
  let [text, root] = ['', ''];
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    if (token !== '.' && token !== '[') return `expected [ or . but got: ${token}`;
    if (token === '[' && !allowsBrackets) return 'array notation is not allowed';
    const next = tokens[++index];
    if (next === undefined) return 'unexpected end of JSON path';
    let name = next;
    if (token === '[') {
      if (!/^'.*'$/s.test(next) || next.length < 2) return `expected single quoted string but got ${next}`;
      const inner = unescaped(next.slice(1, -1));
      if ('problem' in inner) return inner.problem;
      name = inner.text;
    }
    const isNamed: boolean = at !== undefined && hasProperties(at);
    if (at === undefined || (!isNamed && at.additionalProperties === undefined)) return 'does not refer to a valid field';
    at = isNamed ? propertyOf(at, name) : valuesOf(at);
    if (isNamed && at === undefined) return 'does not refer to a valid field';
    text = isNamed ? (text === '' ? name : `${text}.${name}`) : `${text}[${name}]`;
    if (root === '') root = name;
    if (token === '[') {
      const close = tokens[++index];
      if (close === undefined) return 'unexpected end of JSON path';
      if (close !== ']') return `expected ] but got ${close}`;
    }
  }
  return { text, root, schema: at };
}
