/** Names of fields as expressions write them. */

/** Words of the language, which cannot be names. */
export const reservedWords: ReadonlySet<string> = new Set([
  'true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while',
]);

const escapes: Readonly<Record<string, string>> = { '__': '__underscores__', '.': '__dot__', '-': '__dash__', '/': '__slash__' };

/** How a field's name is written in expressions; undefined where it cannot be. */
export function escapeField(name: string): string | undefined {
  if (!/^[a-zA-Z_./-][\w./-]*$/.test(name)) return undefined;
  return reservedWords.has(name) ? `__${name}__` : name.replaceAll(/__|[-./]/g, (part) => escapes[part] ?? part);
}

const unescapes: ReadonlyMap<string, string> = new Map(Object.entries(escapes).map(([plain, escaped]) => [escaped, plain]));

/** The field that expressions write so; undefined where they cannot mean any. */
export function unescapeField(escaped: string): string | undefined {
  const word = /^__(.+)__$/.exec(escaped)?.[1] ?? '';
  if (reservedWords.has(word)) return word;
  let isGood = true;
  const name = escaped.replaceAll(/__(?:underscores|dot|dash|slash)__|__/g, (part) => {
    const plain = unescapes.get(part);
    if (plain === undefined) isGood = false;
    return plain ?? '';
  });
  return isGood ? name : undefined;
}
