/** Libraries of others as the bodies of functions, as far as they are CommonJS and name what they need by literals. */
import { readFileSync, realpathSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { extname } from 'node:path';
import { asciiText, leanText } from './lean-text.ts';

export interface LibraryText {
  readonly body: string;
  /** Files that it requires, by how it names them. What is missing, or cannot be linked, is not among them. */
  readonly requires: Readonly<Record<string, string>>;
}

/** The file that `specifier` means to `from`; undefined for Node's own modules, for what is not installed and what is no CommonJS. */
export function libraryFile(specifier: string, from: string): string | undefined {
  if (isBuiltin(specifier)) return undefined;
  try {
    const file = realpathSync(createRequire(from).resolve(specifier));
    return isCommonJs(file) ? file : undefined;
  } catch (error) {
    if (['MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined; // libraries try what may be there
    throw error;
  }
}

function isCommonJs(file: string): boolean {
  const extension = extname(file);
  return extension === '.cjs' || extension === '.json' || (extension === '.js' && !/^(?:import|export)\s/m.test(readFileSync(file, 'utf8')));
}

export function libraryText(file: string): LibraryText {
  const text = readFileSync(file, 'utf8');
  if (extname(file) === '.json') return { body: `module.exports = ${text.trim()};`, requires: {} };
  const requires: Record<string, string> = {};
  for (const [, specifier = ''] of text.matchAll(/\brequire\(\s*['"]([^'"]+)['"]\s*\)/g)) {
    const target = libraryFile(specifier, file);
    if (target !== undefined) requires[specifier] = target;
  }
  return { body: asciiText(leanText(text.replace(/^#!.*/, ''))), requires };
}
