/** Paths of fields as rules of schemas name them: `.spec.names['a.b']`. */
import type { JSONSchemaProps } from './custom-resource-definition-spec.ts';

const part = /(?:\[('(?:[^'\\]|\\[^])*')\])|(?:\.([^.[\]']+))/y;

/** Whether a path leads to something that the schema declares. */
export function isFieldPath(path: string, schema: JSONSchemaProps): boolean {
  let at: JSONSchemaProps | undefined = schema;
  let index = 0;
  while (index < path.length) {
    part.lastIndex = index;
    const match = part.exec(path);
    const name = match === null ? undefined : match[2] ?? unescaped(match[1] ?? '');
    if (match === null || name === undefined || at === undefined) return false;
    const next: JSONSchemaProps | boolean | undefined = at.properties === undefined ? at.additionalProperties : Object.hasOwn(at.properties, name) ? at.properties[name] : undefined;
    if (next === undefined) return false;
    at = typeof next === 'object' ? next : undefined;
    index = part.lastIndex;
  }
  return true;
}

/** What stands in quotes; undefined where an escape is none. */
function unescaped(quoted: string): string | undefined {
  const text = quoted.slice(1, -1);
  return /\\[^abfnrtv'\\]/.test(text) ? undefined : text.replaceAll(/\\([^])/g, (_, letter: string) => escapes[letter] ?? letter);
}

const escapes: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };
