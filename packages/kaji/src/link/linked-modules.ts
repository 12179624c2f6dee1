/** The modules of linked files, as they are at run time. The text of this file is put into each entry: it imports nothing. */

export interface Meta {
  readonly url: string;
  readonly filename: string;
  readonly dirname: string;
  resolve(specifier: string): string;
}

export type Exports = Readonly<Record<string, unknown>>;
export type Body = (load: (specifier: string) => Exports, library: (specifier: string) => unknown, meta: Meta, start: (specifier: string) => Promise<Exports>) => Exports | Promise<Exports>;
export type LibraryBody = (exports: object, require: (specifier: string) => unknown, module: { exports: object }) => void;

/** What a linked file holds. Paths are those of the sources, from the project's directory. */
export interface Linked {
  /** Where the file is. */
  readonly url: string;
  /** Line of the file at which each path's text begins, ascending. */
  readonly lines: readonly (readonly [number, string])[];
  readonly modules: Record<string, readonly [imports: Readonly<Record<string, string>>, body: Body]>;
  readonly libraries: Record<string, readonly [requires: Readonly<Record<string, string>>, body: LibraryBody]>;
  /** The linked file that holds a module which is imported later, or which a thread starts with. */
  readonly files: Readonly<Record<string, string>>;
}

export class LinkedModules {
  readonly #project: string;
  readonly #require: NodeJS.Require;
  readonly #linked: Linked[] = [];
  readonly #loaded = new Map<string, Exports | Promise<Exports>>();
  readonly #libraries = new Map<string, { exports: object }>();

  /** @param require for what is not linked. */
  constructor(project: string, require: NodeJS.Require) {
    this.#project = project;
    this.#require = require;
    // Where an error was made is told by file and line of the sources.
    Error.prepareStackTrace = (error, sites) => [String(error), ...(sites as readonly { toString(): string }[]).map((site) => `    at ${this.#place(site.toString())}`)].join('\n'); // V8 writes a site as a line of a trace
  }

  add(linked: Linked): void {
    this.#linked.push(linked);
  }

  load(path: string): Exports | Promise<Exports> {
    const known = this.#loaded.get(path);
    if (known !== undefined) return known;
    const [imports, body] = taken(this.#linked.find((each) => path in each.modules)?.modules, path);
    const filename = `${this.#project}/${path}`;
    const url = `file://${encodeURI(filename)}`;
    const target = (specifier: string): string => imports[specifier] ?? specifier;
    const meta: Meta = { url, filename, dirname: filename.slice(0, filename.lastIndexOf('/')), resolve: (specifier) => this.#fileOf(target(specifier)) ?? new URL(specifier, url).href };
    const exports = body((specifier) => this.load(target(specifier)) as Exports, (specifier) => this.#library(target(specifier)), meta, async (specifier) => { // only entries are promises, and nothing imports them
      const file = this.#fileOf(target(specifier));
      if (file === undefined) return (await import(specifier.startsWith('.') ? new URL(specifier, url).href : `file://${this.#require.resolve(specifier)}`)) as Exports;
      if (!this.#linked.some((each) => each.url === file)) this.add(((await import(file)) as { default: Linked }).default);
      return this.load(target(specifier));
    });
    this.#loaded.set(path, exports);
    return exports;
  }

  #library(path: string): unknown {
    const known = this.#libraries.get(path);
    if (known !== undefined) return known.exports;
    const holder = this.#linked.find((each) => path in each.libraries)?.libraries;
    if (holder === undefined) return process.getBuiltinModule(path) ?? this.#require(path);
    const [requires, body] = taken(holder, path);
    const module = { exports: {} };
    this.#libraries.set(path, module);
    body.call(module.exports, module.exports, (specifier) => this.#library(requires[specifier] ?? specifier), module);
    return module.exports;
  }

  #fileOf(path: string): string | undefined {
    for (const { files, url } of this.#linked) if (files[path] !== undefined) return new URL(files[path], url).href;
    return undefined;
  }

  #place(site: string): string {
    return site.replace(/(file:\/\/[^\s()]+?\.js):(\d+):/, (whole, url: string, line: string) => {
      const place = this.#linked.find((each) => each.url === url)?.lines.findLast(([first]) => first <= Number(line));
      return place === undefined ? whole : `${this.#project}/${place[1]}:${Number(line) - place[0] + 1}:`;
    });
  }
}

/** What runs once need not be kept. */
function taken<T>(from: Record<string, T> | undefined, path: string): T {
  const found = from?.[path];
  if (from === undefined || found === undefined) throw new Error(`${path} is in no linked file, or was loaded while it loads`);
  delete from[path];
  return found;
}
