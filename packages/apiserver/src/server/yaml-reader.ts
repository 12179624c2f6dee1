/**
 * Reads YAML of clients. Short texts are read at once; long ones by a thread, since the worst of them take minutes: one that
 * takes too long is given up, thread and all. What comes back is JSON, whose parser is fast and bounded.
 */
import { DecodeError, nameLimit, parseJson, parseYaml, type ParsedYaml } from '@kaji/schema';
import { ThreadQueue } from './thread-queue.ts';

/** The worst text of this length takes the API's thread a few milliseconds, unless it has anchors, which multiply. */
const shortBytes = 4096;
const anchor = 38;
const isShort = (source: Uint8Array): boolean => source.length <= shortBytes && !source.includes(anchor);

/** An honest text of the size of a request takes a third of this. */
const patienceMs = 10_000;
/** How many may wait for the thread. */
const waitingLimit = 32;
/** The library's recursion goes as deep as the text does; the default ends far before upstream's limit. */
const resourceLimits = { stackSizeMb: 64, maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 };

export type YamlAnswer = { readonly json: Uint8Array; readonly problems: readonly string[] } | { readonly refusal: string };

export class YamlReader {
  readonly #thread = new ThreadQueue<Uint8Array, YamlAnswer>({
    name: 'yaml', module: import.meta.resolve('./yaml-thread.ts'), patienceMs, waitingLimit, tooMany: 'too many long YAML documents are being read', resourceLimits,
  });
  /** By the bytes of the request, and gone with them. */
  readonly #answers = new WeakMap<Uint8Array, YamlAnswer>();
  readonly #ready = new WeakMap<Uint8Array, ParsedYaml>();

  /** Has a long text read by the thread; then `parse` knows it. Throws TooManyRequests when too many wait. */
  async prepare(source: Uint8Array): Promise<void> {
    if (isShort(source)) return;
    const json = asJson(source);
    if (json !== undefined) {
      this.#ready.set(source, json);
      return;
    }
    const outcome = await this.#thread.ask(source);
    if (outcome === 'too late') this.#answers.set(source, { refusal: 'yaml: document takes too long to read' });
    else this.#answers.set(source, 'answer' in outcome ? outcome.answer : { refusal: `yaml: document cannot be read: ${outcome.failure}` });
  }

  /** Throws DecodeError. */
  parse(source: Uint8Array): ParsedYaml {
    const ready = this.#ready.get(source);
    this.#ready.delete(source); // the value is the caller's own; who asks again gets another
    if (ready !== undefined) return ready;
    const answer = this.#answers.get(source);
    if (answer === undefined) return asJson(source) ?? parseYaml(source);
    if ('refusal' in answer) throw new DecodeError(answer.refusal);
    return { value: parseJson(answer.json, nameLimit).value, problems: answer.problems };
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

const openBrace = 123;

/** Most of what kubectl calls YAML is JSON, which YAML contains. Undefined for what has to be read as YAML, if only for its words. */
function asJson(source: Uint8Array): ParsedYaml | undefined {
  if (source[0] !== openBrace) return undefined;
  try {
    const { value, notes } = parseJson(source, nameLimit);
    for (const { duplicates } of notes.values()) if (duplicates.size > 0) return undefined;
    return { value, problems: [] };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
