/** The words of the language: their numbers, in the order in which messages list them, and how messages name them. */

/** One word of a text. `index` counts all words, those between the lines (blanks, comments) too; a word that recovery made up has -1. */
export interface Token {
  readonly type: number;
  readonly index: number;
  /** Where it starts, in code points. */
  readonly offset: number;
  readonly text: string;
}

export const endOfText = -1;

/** How the kinds of words are shown where one was expected. A kind's number is its place here. */
const names: readonly string[] = [
  '<INVALID>', "'=='", "'!='", "'in'", "'<'", "'<='", "'>='", "'>'", "'&&'", "'||'", "'['", "']'", "'{'", "'}'", "'('", "')'", "'.'", "','", "'-'", "'!'", "'?'", "':'", "'+'", "'*'", "'/'", "'%'",
  "'true'", "'false'", "'null'", 'WHITESPACE', 'COMMENT', 'NUM_FLOAT', 'NUM_INT', 'NUM_UINT', 'STRING', 'BYTES', 'IDENTIFIER', 'ESC_IDENTIFIER',
];

export const tokenKinds = names.length;

const numbers: ReadonlyMap<string, number> = new Map(names.map((name, type) => [name, type]));

/** The number of a kind; operators and keywords are named without quotes. */
export function tokenType(name: string): number {
  const type = numbers.get(`'${name}'`) ?? numbers.get(name);
  if (type === undefined) throw new Error(`the language has no word ${name}`);
  return type;
}

/** Words that say the same thing in every text. */
export const hasFixedText = (type: number): boolean => type > 0 && type <= 28;

export const tokenName = (type: number): string => (type === endOfText ? '<EOF>' : (names[type] ?? `<${String(type)}>`));

/** A set of kinds as messages show it. Members come in ascending order. */
export function describeTokens(types: Iterable<number>): string {
  const shown = Array.from(types).toSorted((a, b) => a - b).map(tokenName);
  return shown.length > 1 ? `{${shown.join(', ')}}` : (shown[0] ?? '{}');
}
