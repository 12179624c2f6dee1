/**
 * What a module imports, as it is found in the packed form: `.ts` becomes `.js`, and a package of this project becomes the
 * path to its file, so that what is packed is one package and no package manager has to know of the others.
 */
import { dirname, posix } from 'node:path';

/** The part of a package.json that says which file a specifier means. */
export interface Exports {
  /** `packages/api` */
  readonly directory: string;
  readonly exports: Readonly<Record<string, string>>;
}

/** By the package's name. */
export type Packages = ReadonlyMap<string, Exports>;

const specifierPattern = /(\bfrom\s*|\bimport(?:\.meta\.resolve)?\s*\(\s*|(?:^|\n)\s*import\s+)(['"])([^'"\n]+)\2/g;

/** @param path of the module, from the root of the project */
export function rewriteSpecifiers(text: string, path: string, packages: Packages): string {
  return text.replaceAll(specifierPattern, (_, head: string, quote: string, specifier: string) => `${head}${quote}${packedSpecifier(specifier, path, packages)}${quote}`);
}

function packedSpecifier(specifier: string, path: string, packages: Packages): string {
  if (specifier.startsWith('.')) return scriptName(specifier);
  const target = sourceOf(specifier, packages);
  if (target === undefined) return specifier;
  const relative = posix.relative(dirname(path), scriptName(target));
  return relative.startsWith('.') ? relative : `./${relative}`;
}

const scriptName = (path: string): string => path.replace(/(?<!\.d)\.ts$/, '.js');

/** The file that `@kaji/api/core/v1` means; undefined for what is no package of this project. Throws when the package does not export it. */
export function sourceOf(specifier: string, packages: Packages): string | undefined {
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  const found = packages.get(name);
  if (found === undefined) return undefined;
  const subpath = `.${specifier.slice(name.length)}`;
  const exact = found.exports[subpath];
  const target = exact ?? matchPattern(subpath, found.exports);
  if (target === undefined) throw new Error(`${name} does not export ${subpath}`);
  return posix.join(found.directory, target);
}

/** Node's rule: of the patterns that match, the one with the longest head counts. */
function matchPattern(subpath: string, exports: Exports['exports']): string | undefined {
  const matching = Object.entries(exports).filter(([pattern]) => pattern.includes('*')).map(([pattern, target]) => {
    const [head = '', tail = ''] = pattern.split('*');
    return { head, tail, target };
  }).filter(({ head, tail }) => subpath.startsWith(head) && subpath.endsWith(tail) && subpath.length >= head.length + tail.length);
  const [best] = matching.toSorted((a, b) => b.head.length - a.head.length);
  return best?.target.replaceAll('*', subpath.slice(best.head.length, subpath.length - best.tail.length));
}
