/** Command-line flags, read as pflag reads them: what kubectl and Kubernetes' components accept and how they complain. */

export interface Flag<T> {
  readonly short?: string;
  readonly help: string;
  /** Shown in help; the type's name when absent. */
  readonly placeholder?: string;
  readonly default: T;
  readonly type: 'string' | 'bool' | 'int' | 'stringArray';
  /** Throws an Error whose message says what is wrong with the text. */
  parse(text: string): T;
}

export type Flags = Readonly<Record<string, Flag<unknown>>>;
export type FlagValues<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never };

export interface Parsed<F extends Flags> {
  readonly args: readonly string[];
  readonly flags: FlagValues<F>;
  /** Names of the flags that were given. */
  readonly given: ReadonlySet<string>;
}

/** The person who typed it made a mistake; the message is for them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const text = (help: string, value = '', options: { readonly short?: string; readonly placeholder?: string } = {}): Flag<string> => ({ help, default: value, type: 'string', parse: (given) => given, ...options });
export const toggle = (help: string, options: { readonly short?: string } = {}): Flag<boolean> => ({ help, default: false, type: 'bool', parse: parseBoolean, ...options });
export const integer = (help: string, value: number, options: { readonly short?: string } = {}): Flag<number> => ({ help, default: value, type: 'int', parse: parseInteger, ...options });

/** `names` are written in camel case and typed in kebab case: dataDir is --data-dir. */
export const flagName = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export function parseFlags<F extends Flags>(declared: F, argv: readonly string[], options: { readonly ownArguments?: number } = {}): Parsed<F> {
  const byName = new Map(Object.entries(declared).map(([key, flag]) => [flagName(key), { key, flag }]));
  const byShort = new Map(Object.entries(declared).flatMap(([key, flag]) => (flag.short === undefined ? [] : [[flag.short, { key, flag }] as const])));
  const values: Record<string, unknown> = Object.fromEntries(Object.entries(declared).map(([key, flag]) => [key, flag.default]));
  const given = new Set<string>();
  const args: string[] = [];
  const rest = [...argv];
  const set = ({ key, flag }: { readonly key: string; readonly flag: Flag<unknown> }, shown: string, value: string): void => {
    try {
      values[key] = flag.parse(value);
    } catch (error) {
      throw new UsageError(`invalid argument ${JSON.stringify(value)} for ${JSON.stringify(shown)} flag: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    given.add(key);
  };
  const takeNext = (missing: string): string => {
    const next = rest.shift();
    if (next === undefined) throw new UsageError(`flag needs an argument: ${missing}`);
    return next;
  };

  function long(word: string): void {
    const [name = '', ...more] = word.slice(2).split('=');
    const found = byName.get(name);
    if (found === undefined) throw new UsageError(`unknown flag: --${name}`);
    const shown = found.flag.short === undefined ? `--${name}` : `-${found.flag.short}, --${name}`;
    if (word.includes('=')) set(found, shown, more.join('='));
    else set(found, shown, found.flag.type === 'bool' ? 'true' : takeNext(`--${name}`));
  }

  function short(word: string): void {
    for (let index = 1; index < word.length; index++) {
      const letter = word.charAt(index);
      const found = byShort.get(letter);
      if (found === undefined) throw new UsageError(`unknown shorthand flag: '${letter}' in ${word}`);
      const shown = `-${letter}, --${flagName(found.key)}`;
      const after = word.slice(index + 1);
      if (after.startsWith('=')) return set(found, shown, after.slice(1));
      if (found.flag.type === 'bool') {
        set(found, shown, 'true');
        continue;
      }
      return set(found, shown, after === '' ? takeNext(`'${letter}' in ${word}`) : after);
    }
  }

  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') args.push(...rest.splice(0));
    else if (word.startsWith('--')) long(word);
    else if (word.startsWith('-') && word !== '-') short(word);
    else if (args.length >= (options.ownArguments ?? Infinity)) args.push(word, ...rest.splice(0));
    else args.push(word);
  }
  return { args, flags: values as FlagValues<F>, given }; // every key of F has its default or a parsed value
}

/** The flags of a help text, one a line, sorted. */
export function describeFlags(declared: Flags): string {
  const rows = Object.entries(declared).map(([key, flag]) => {
    const placeholder = flag.type === 'bool' ? '' : ` ${flag.placeholder ?? flag.type}`;
    const standard = flag.default === '' || flag.default === false ? '' : ` (default ${flag.type === 'string' ? JSON.stringify(flag.default) : String(flag.default)})`;
    return [`  ${flag.short === undefined ? '    ' : `-${flag.short}, `}--${flagName(key)}${placeholder}`, `${flag.help}${standard}`] as const;
  });
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.sort(([left], [right]) => (left.slice(6) < right.slice(6) ? -1 : 1)).map(([left, right]) => `${left.padEnd(width)}   ${right}\n`).join('');
}

function parseBoolean(given: string): boolean {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(given)) return true;
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(given)) return false;
  throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(given)}: invalid syntax`);
}

function parseInteger(given: string): number {
  if (!/^[+-]?\d+$/.test(given)) throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(given)}: invalid syntax`);
  const value = Number(given);
  if (!Number.isSafeInteger(value)) throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(given)}: value out of range`);
  return value;
}
