/**
 * Reads YAML as upstream's decoder does: version 1.1 (so that `y` and `on` are bools), one document, scalars and keys turned
 * into what JSON can say. Documents whose aliases expand to far more than was written are refused.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Tags } from 'yaml';
import { DecodeError } from './decode-error.ts';
import type { MessageType } from './field.ts';
import { goSyntax } from './go-text.ts';
import { type Decoded, fromJson } from './json-decode.ts';
import { parseJson, setOwn } from './json-parse.ts';
import { earlyProblem, failureText } from './yaml-failures.ts';

export interface ParsedYaml {
  readonly value: unknown;
  /** What strict decoding refuses: keys that occur twice. */
  readonly problems: readonly string[];
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: false });
const maximumDepth = 10_000;
/** How many keys that occur twice are told. */
const problemLimit = 1000;

/** Go's decoder reads these as plain text. */
const plainTags = new Set(['tag:yaml.org,2002:timestamp', 'tag:yaml.org,2002:set', 'tag:yaml.org,2002:omap', 'tag:yaml.org,2002:pairs']);
const isWanted = (tag: Tags[number]): boolean => typeof tag === 'string' || !(plainTags.has(tag.tag) || ('format' in tag && tag.format === 'TIME'));

/** Throws DecodeError. An empty document is `null`. */
export function parseYaml(source: Uint8Array | string): ParsedYaml {
  const text = typeof source === 'string' ? source : decoder.decode(source);
  const json = parseAsJson(text);
  if (json !== undefined) return json;
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1', merge: true, uniqueKeys: false, intAsBigInt: true, lineCounter: lines, prettyErrors: false, logLevel: 'silent', keepSourceTokens: false,
    customTags: (tags) => tags.filter(isWanted),
  });
  const problem = earlyProblem(text) ?? failureText(document.errors.filter((error) => error.code !== 'MULTIPLE_DOCS'), text, lines);
  if (problem !== undefined) throw new DecodeError(problem);
  const reader = new TreeReader((node) => lines.linePos(node.range?.[0] ?? 0).line, (alias) => (isAlias(alias) ? alias.resolve(document) : undefined));
  try {
    const value = document.contents === null ? null : reader.read(document.contents);
    return { value, problems: reader.problems.length === 0 ? [] : [`yaml: unmarshal errors:\n${reader.problems.map((problem) => `  ${problem}`).join('\n')}`] };
  } catch (error) {
    if (error instanceof RangeError) throw new DecodeError(`yaml: exceeded max depth of ${maximumDepth}`); // the stack ended: nested too deep
    throw error;
  }
}

/** What JSON takes and YAML does not, or differently: some escapes and characters, a key parted from its colon, numbers beyond what is exact. */
const meansOtherInYaml = /\\[u/]|\d{16}|[eE]\+?\d{3}|[:[,\s]-0|"\s*[\r\n]\s*:|[^\n\r\u0020-\u007e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** Most of what is sent as YAML is JSON, whose parser takes a twentieth of the time. Undefined for what is not, or may mean something else. */
function parseAsJson(text: string): ParsedYaml | undefined {
  if (!/^[\n\r ]*\{/.test(text) || meansOtherInYaml.test(text)) return undefined;
  try {
    const { value, notes } = parseJson(text);
    return notes.size === 0 ? { value, problems: [] } : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined; // YAML's reader says what is wrong
    throw error;
  }
}

/** Decodes a YAML body. Throws DecodeError. */
export function decodeYaml<T>(type: MessageType<T>, source: Uint8Array | string): Decoded<T> {
  const { value, problems } = parseYaml(source);
  const decoded = fromJson(type, value);
  return { object: decoded.object, problems: [...problems, ...decoded.problems] };
}

class TreeReader {
  readonly problems: string[] = [];
  readonly #lineOf: (node: Node) => number;
  readonly #resolve: (node: Node) => Node | undefined;
  readonly #open = new Set<Node>();
  #depth = 0;
  #nodes = 0;
  #aliased = 0;
  #aliasDepth = 0;

  constructor(lineOf: (node: Node) => number, resolve: (node: Node) => Node | undefined) {
    this.#lineOf = lineOf;
    this.#resolve = resolve;
  }

  read(node: unknown): unknown {
    this.#count();
    // The library takes a lone point for a number; upstream's does not.
    if (isScalar(node)) return Number.isNaN(node.value) && node.source !== undefined && !/nan/i.test(node.source) ? node.source : scalarValue(node.value);
    if (isAlias(node)) return this.#alias(node);
    if (++this.#depth > maximumDepth) throw new DecodeError(`yaml: exceeded max depth of ${maximumDepth}`);
    const value = isMap(node) ? this.#map(node.items) : isSeq(node) ? node.items.map((item) => this.read(item)) : null;
    this.#depth--;
    return value;
  }

  /** Upstream's rule: of many nodes, the share that came through aliases may be nearly all, of very many only a tenth. */
  #count(): void {
    this.#nodes++;
    if (this.#aliasDepth > 0) this.#aliased++;
    const allowed = this.#nodes <= 400_000 ? 0.99 : this.#nodes >= 4_000_000 ? 0.1 : 0.99 - (0.89 * (this.#nodes - 400_000)) / 3_600_000;
    if (this.#aliased > 100 && this.#nodes > 1000 && this.#aliased / this.#nodes > allowed) throw new DecodeError('yaml: document contains excessive aliasing');
  }

  #alias(node: Node): unknown {
    const target = this.#resolve(node);
    const name = isAlias(node) ? node.source : '';
    if (target === undefined) throw new DecodeError(`yaml: unknown anchor '${name}' referenced`);
    if (this.#open.has(target)) throw new DecodeError(`yaml: anchor '${name}' value contains itself`);
    this.#open.add(target);
    this.#aliasDepth++;
    const value = this.read(target);
    this.#aliasDepth--;
    this.#open.delete(target);
    return value;
  }

  #map(items: readonly { key: unknown; value?: unknown }[]): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    const own = new Set<string>();
    const merged: unknown[] = [];
    for (const { key, value } of items) {
      if (isScalar(key) && key.source === '<<' && key.type === 'PLAIN') {
        merged.push(value);
        continue;
      }
      const name = this.#key(key);
      if (own.has(name) && isScalar(key) && this.problems.length < problemLimit) this.problems.push(`line ${this.#lineOf(key)}: key ${JSON.stringify(name)} already set in map`);
      own.add(name);
      setOwn(object, name, this.read(value));
    }
    for (const each of merged) this.#merge(object, this.read(each));
    return object;
  }

  #merge(object: Record<string, unknown>, source: unknown): void {
    for (const from of Array.isArray(source) ? source : [source]) {
      if (typeof from !== 'object' || from === null || Array.isArray(from)) throw new DecodeError('yaml: map merge requires map or sequence of maps as the value');
      for (const [key, value] of Object.entries(from)) if (!Object.hasOwn(object, key)) setOwn(object, key, value);
    }
  }

  #key(node: unknown): string {
    const value = this.read(node);
    switch (typeof value) {
      case 'string': return value;
      case 'number': case 'bigint': case 'boolean': return String(value);
      default: throw new DecodeError(value === null ? 'unsupported map key of type: %!s(<nil>), key: <nil>, value: <nil>' : `yaml: invalid map key: ${goSyntax(value, 'interface {}')}`);
    }
  }
}

function scalarValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  if (value instanceof Uint8Array) return decoder.decode(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new DecodeError(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`);
  return value ?? null;
}
