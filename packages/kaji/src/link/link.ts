/**
 * Puts the modules that a process runs into a few files. A module of its own costs 15 kB in each thread, and a server has
 * hundreds in three: linked, it holds a seventh less and starts in half the time.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { libraryFile, type LibraryText, libraryText } from './libraries.ts';
import { leanText } from './lean-text.ts';
import { type ModuleText, moduleText } from './module-text.ts';

interface Module extends ModuleText {
  /** Specifiers and the paths they mean: modules of the project, files of libraries. */
  readonly targets: Readonly<Record<string, string>>;
}

/** Modules of the project by their paths in it, read when they are asked for. */
class Sources {
  readonly #project: string;
  readonly #apart: ReadonlySet<string>;
  readonly #packages = new Map<string, Readonly<Record<string, string>>>();
  readonly #modules = new Map<string, Module>();
  readonly #libraries = new Map<string, LibraryText>();

  constructor({ project, apart }: LinkOptions) {
    this.#project = project;
    this.#apart = new Set(apart);
  }

  module(path: string): Module {
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    const text = moduleText(stripTypeScriptTypes(readFileSync(join(this.#project, path), 'utf8')), (specifier) => this.#own(specifier, path) !== undefined);
    const targets: Record<string, string> = {};
    for (const specifier of [...text.imports, ...text.laterImports, ...text.threads]) {
      const target = this.#own(specifier, path) ?? this.#library(specifier, path);
      if (target !== undefined) targets[specifier] = target;
    }
    const module = { ...text, targets };
    this.#modules.set(path, module);
    return module;
  }

  /** The modules that are there once `path` is, in the order in which they run. */
  closure(path: string): readonly string[] {
    const found = new Set<string>();
    const open = new Set<string>();
    const visit = (each: string): void => {
      if (open.has(each)) throw new Error(`modules import each other in a circle: ${[...open, each].join(' ')}`);
      if (found.has(each)) return;
      open.add(each);
      const { imports, targets } = this.module(each);
      for (const specifier of imports) if (this.#own(specifier, each) !== undefined) visit(targets[specifier] ?? '');
      open.delete(each);
      found.add(each);
    };
    visit(path);
    return [...found];
  }

  libraries(modules: readonly string[]): readonly string[] {
    const found = new Set<string>();
    const visit = (file: string): void => {
      if (found.has(file)) return;
      found.add(file);
      for (const required of Object.values(this.library(file).requires)) visit(required);
    };
    for (const path of modules) {
      const { imports, targets } = this.module(path);
      for (const specifier of imports) if (this.#own(specifier, path) === undefined && targets[specifier] !== undefined) visit(targets[specifier]);
    }
    return [...found];
  }

  library(file: string): LibraryText {
    let text = this.#libraries.get(file);
    if (text === undefined) {
      const { body, requires } = libraryText(join(this.#project, file));
      this.#libraries.set(file, text = { body, requires: Object.fromEntries(Object.entries(requires).filter(([specifier]) => !this.#apart.has(specifier)).map(([specifier, target]) => [specifier, relative(this.#project, target)])) });
    }
    return text;
  }

  #own(specifier: string, from: string): string | undefined {
    if (specifier.startsWith('.')) return relative(this.#project, resolve(this.#project, dirname(from), specifier));
    const [, name, rest = ''] = /^@kaji\/([\w-]+)(\/.*)?$/.exec(specifier) ?? [];
    if (name === undefined) return undefined;
    let exports = this.#packages.get(name);
    if (exports === undefined) this.#packages.set(name, exports = (JSON.parse(readFileSync(join(this.#project, 'packages', name, 'package.json'), 'utf8')) as { exports: Readonly<Record<string, string>> }).exports);
    const target = exports[`.${rest}`] ?? exports['./*']?.replace('*', rest.slice(1));
    if (target === undefined) throw new Error(`${from} imports ${specifier}, which is not exported`);
    return join('packages', name, target);
  }

  #library(specifier: string, from: string): string | undefined {
    const file = libraryFile(specifier, join(this.#project, from));
    return file === undefined ? undefined : relative(this.#project, file);
  }
}

export interface LinkOptions {
  readonly project: string;
  readonly output: string;
  /** Modules that are imported later, and get a file of their own. Others are left where they are. */
  readonly parts: readonly string[];
  /** Libraries that others have for what nobody here asks of them: left where they are. */
  readonly apart?: readonly string[];
}

/** Writes `name` for the process that starts with the module at `entry`, its parts, and its threads. Gives the file's path. */
export function link(entry: string, name: string, options: LinkOptions): string {
  const sources = new Sources(options);
  mkdirSync(options.output, { recursive: true });
  writeFileSync(join(options.output, 'package.json'), '{ "type": "module" }\n');
  return new Linker(sources, options).entry(entry, name);
}

class Linker {
  readonly #sources: Sources;
  readonly #options: LinkOptions;
  readonly #written = new Set<string>();

  constructor(sources: Sources, options: LinkOptions) {
    this.#sources = sources;
    this.#options = options;
  }

  /** A file that a process or thread is started with. */
  entry(path: string, name: string): string {
    const { project, output } = this.#options;
    const runtime = stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'linked-modules.ts'), 'utf8'));
    const head = `import { createRequire } from 'node:module';\n${leanText(runtime.replaceAll(/^export /gm, ''))}\nconst linkedModules = new LinkedModules(${JSON.stringify(project)}, createRequire(${JSON.stringify(join(project, path))}));\n`;
    const modules = this.#sources.closure(path);
    const file = join(output, name);
    writeFileSync(file, `${this.#part({ modules, libraries: this.#sources.libraries(modules) }, modules, head)}linkedModules.add(linked);\nawait linkedModules.load(${JSON.stringify(path)});\n`);
    return file;
  }

  #laterPart(path: string, present: readonly string[]): string {
    const name = nameOf(path);
    if (this.#written.has(name)) return name;
    this.#written.add(name);
    const there = new Set(present);
    const modules = this.#sources.closure(path).filter((each) => !there.has(each));
    const libraries = this.#sources.libraries(modules);
    const known = new Set(this.#sources.libraries(present));
    writeFileSync(join(this.#options.output, name), this.#part({ modules, libraries: libraries.filter((each) => !known.has(each)) }, [...present, ...modules], '') + 'export default linked;\n');
    return name;
  }

  #part({ modules, libraries }: { readonly modules: readonly string[]; readonly libraries: readonly string[] }, present: readonly string[], head: string): string {
    const files: Record<string, string> = {};
    const lines: [number, string][] = [];
    const parts: string[] = [];
    let line = 1;
    const write = (piece: string): void => {
      parts.push(piece);
      for (const character of piece) if (character === '\n') line++;
    };
    write(`${head}const linked = { url: import.meta.url, modules: {\n`);
    const put = (path: string, targets: Readonly<Record<string, string>>, [opening, body]: readonly [string, string]): void => {
      write(`${JSON.stringify(path)}: [${JSON.stringify(targets)}, ${opening} {\n`);
      lines.push([line, path]);
      write(`${body}\n})],\n`); // in parentheses, V8 compiles them with the file, and keeps that
    };
    for (const path of modules) {
      const { body, targets, laterImports, threads } = this.#sources.module(path);
      for (const specifier of laterImports) {
        const target = targets[specifier];
        if (target !== undefined && this.#options.parts.includes(target)) files[target] = this.#laterPart(target, present);
      }
      for (const specifier of threads) {
        const target = targets[specifier] ?? '';
        files[target] = nameOf(target);
        this.entry(target, nameOf(target));
      }
      const isEntry = head !== '' && path === modules.at(-1); // only it waits
      put(path, targets, [`(${isEntry ? 'async ' : ''}($load, $library, $meta, $start) =>`, body]);
    }
    write('}, libraries: {\n');
    for (const file of libraries) {
      const { body, requires } = this.#sources.library(file);
      put(file, requires, ['(function (exports, require, module)', body]);
    }
    write(`}, files: ${JSON.stringify(files)}, lines: ${JSON.stringify(lines)} };\n`);
    return parts.join('');
  }
}

/** `packages/cluster/src/server.ts` is `cluster-server.js`. */
const nameOf = (path: string): string => path.replace(/^packages\//, '').replace('/src/', '/').replace(/\.ts$/, '.js').replaceAll('/', '-');
