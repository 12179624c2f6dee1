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
