/** Label selectors: the text form of queries (`a=b,c in (d,e),!f`) and the object form of specs. */
import { DecodeError } from './decode-error.ts';
import { labelValueErrors, qualifiedNameErrors } from './formats.ts';

export type Operator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** All requirements must hold; without any, everything matches unless `isNothing`. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  readonly isNothing: boolean;
}

export const selectEverything: Selector = { requirements: [], isNothing: false };
export const selectNothing: Selector = { requirements: [], isNothing: true };

type Labels = Readonly<Record<string, string>> | undefined;

const isInteger = (text: string): boolean => /^[+-]?\d+$/.test(text);

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case '=': case '==': case 'in': return value !== undefined && values.includes(value);
    case '!=': case 'notin': return value === undefined || !values.includes(value);
    case 'exists': return value !== undefined;
    case '!': return value === undefined;
    case 'gt': case 'lt': {
      const bound = values[0];
      if (value === undefined || bound === undefined || !isInteger(value) || !isInteger(bound)) return false;
      return operator === 'gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
    }
  }
}

export const matchesLabels = (selector: Selector, labels: Labels): boolean => !selector.isNothing && selector.requirements.every((requirement) => meets(requirement, labels));

/** metav1.LabelSelector, as specs have it. */
export interface LabelSelectorObject {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] | undefined }[] | undefined;
}

const expressionOperators: Readonly<Record<string, Operator>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' };

const byKey = (left: Requirement, right: Requirement): number => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0);

/** Absent selects nothing, empty everything. Throws DecodeError with upstream's words. */
export function selectorOf(of: LabelSelectorObject | undefined): Selector {
  if (of === undefined) return selectNothing;
  const requirements = Object.entries(of.matchLabels ?? {}).map(([key, value]) => requirement(key, '=', [value]));
  for (const { key, operator, values = [] } of of.matchExpressions ?? []) {
    const known = expressionOperators[operator];
    if (known === undefined) throw new DecodeError(`${JSON.stringify(operator)} is not a valid label selector operator`);
    requirements.push(requirement(key, known, values));
  }
  return { requirements: requirements.sort(byKey), isNothing: false };
}

/** A selector of these very labels. */
export const selectorOfLabels = (labels: Readonly<Record<string, string>>): Selector =>
  ({ requirements: Object.entries(labels).map(([key, value]): Requirement => ({ key, operator: '=', values: [value] })).sort(byKey), isNothing: false });

const bad = (path: string, value: unknown, messages: readonly string[]): string => `${path}: Invalid value: ${JSON.stringify(value)}: ${messages.join('; ')}`;

const keyProblems = (path: string, key: string): string[] => {
  const messages = qualifiedNameErrors(key);
  return messages.length === 0 ? [] : [bad(path, key, messages)];
};

function countProblems(operator: Operator, values: readonly string[]): string[] {
  const problem = (message: string): string[] => [bad('values', values, [message])];
  switch (operator) {
    case 'in': case 'notin': return values.length === 0 ? problem("for 'in', 'notin' operators, values set can't be empty") : [];
    case '=': case '==': case '!=': return values.length === 1 ? [] : problem('exact-match compatibility requires one single value');
    case 'exists': case '!': return values.length === 0 ? [] : problem('values set must be empty for exists and does not exist');
    case 'gt': case 'lt': return [
      ...(values.length === 1 ? [] : problem("for 'Gt', 'Lt' operators, exactly one value is required")),
      ...values.flatMap((value, index) => (isInteger(value) ? [] : [bad(`values[${index}]`, value, ["for 'Gt', 'Lt' operators, the value must be an integer"])])),
    ];
  }
}

function requirement(key: string, operator: Operator, values: readonly string[]): Requirement {
  const problems = [...keyProblems('key', key), ...countProblems(operator, values)];
  values.forEach((value, index) => {
    const messages = labelValueErrors(value);
    if (messages.length > 0) problems.push(bad(`values[${index}][${key}]`, value, messages));
  });
  if (problems.length > 0) throw new DecodeError(problems.length === 1 ? problems[0] : `[${[...new Set(problems)].join(', ')}]`);
  return { key, operator, values };
}

/** The selector's text, requirements in the order of their keys. */
export function formatSelector({ requirements }: Selector): string {
  return requirements.map(({ key, operator, values }) => {
    switch (operator) {
      case 'exists': return key;
      case '!': return `!${key}`;
      case 'in': case 'notin': return `${key} ${operator} (${values.toSorted().join(',')})`;
      case 'gt': return `${key}>${values[0] ?? ''}`;
      case 'lt': return `${key}<${values[0] ?? ''}`;
      default: return `${key}${operator}${values[0] ?? ''}`;
    }
  }).join(',');
}

interface Token {
  /** What it is: a symbol or keyword itself, `name`, `end` or `error`. */
  readonly is: string;
  readonly text: string;
}

const symbols = new Set([')', ',', '!', '==', '=', '>', '<', '!=', '(']);
const keywords = new Set(['in', 'notin']);

/** Reads a selector's text. Throws DecodeError with upstream's words. */
export function parseLabelSelector(text: string): Selector {
  return { requirements: new SelectorParser(text).selector().sort(byKey), isNothing: false };
}

const operators: Readonly<Record<string, Operator>> = { '=': '=', '==': '==', '!=': '!=', in: 'in', notin: 'notin', '>': 'gt', '<': 'lt' };
const end: Token = { is: 'end', text: '' };

class SelectorParser {
  readonly #text: string;
  /** Finds symbols one by one, and what stands between them without spaces. */
  readonly #parts = /[=!(),<>]|[^=!(),<>\s]+/g;
  #ahead: Token | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  #token(): Token {
    return (this.#ahead ??= this.#read());
  }

  #read(): Token {
    const part = this.#parts.exec(this.#text)?.[0];
    if (part === undefined) {
      this.#parts.lastIndex = this.#text.length; // or it would begin anew
      return end;
    }
    if (!symbols.has(part)) return { is: keywords.has(part) ? part : 'name', text: part };
    const pair = part + this.#text.charAt(this.#parts.lastIndex);
    if (!symbols.has(pair) || pair === part) return { is: part, text: part };
    this.#parts.lastIndex++;
    return { is: pair, text: pair };
  }

  #skip(): Token {
    const token = this.#token();
    this.#ahead = undefined;
    return token;
  }

  /** The next token where values are expected, in which keywords are plain names. */
  #peek(): Token {
    const token = this.#token();
    return keywords.has(token.is) ? { is: 'name', text: token.text } : token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#ahead = undefined;
    return token;
  }

  selector(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.is === 'end') return requirements;
      if (token.is !== 'name' && token.is !== '!') throw new DecodeError(`found '${token.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const next = this.#take();
      if (next.is === 'end') return requirements;
      if (next.is !== ',') throw new DecodeError(`found '${next.text}', expected: ',' or 'end of string'`);
      const after = this.#peek();
      if (after.is !== 'name' && after.is !== '!') throw new DecodeError(`found '${after.text}', expected: identifier after ','`);
    }
  }

  #requirement(): Requirement {
    try {
      return this.#readRequirement();
    } catch (error) {
      // Classified: whatever is wrong with one requirement is reported as such.
      if (error instanceof DecodeError) throw new DecodeError(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  #readRequirement(): Requirement {
    let token = this.#take();
    const isAbsent = token.is === '!';
    if (isAbsent) token = this.#take();
    if (token.is !== 'name') throw new DecodeError(`found '${token.text}', expected: identifier`);
    const key = token.text;
    const [problem] = keyProblems('<nil>', key);
    if (problem !== undefined) throw new DecodeError(problem);
    const next = this.#peek().is;
    if (isAbsent) return requirement(key, '!', []);
    if (next === 'end' || next === ',') return requirement(key, 'exists', []);
    const symbol = this.#skip();
    const operator = operators[symbol.is];
    if (operator === undefined) throw new DecodeError(`found '${symbol.text}', expected: in, notin, =, ==, !=, gt, lt`);
    const values = operator === 'in' || operator === 'notin' ? this.#values() : [this.#exactValue()];
    return requirement(key, operator, [...new Set(values)].sort());
  }

  #exactValue(): string {
    const next = this.#peek();
    if (next.is === 'end' || next.is === ',') return '';
    const token = this.#take();
    if (token.is !== 'name') throw new DecodeError(`found '${token.text}', expected: identifier`);
    return token.text;
  }

  #values(): string[] {
    const open = this.#take();
    if (open.is !== '(') throw new DecodeError(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.is === ')') {
      this.#take();
      return [''];
    }
    if (first.is !== 'name' && first.is !== ',') throw new DecodeError(`found '${first.text}', expected: ',', ')' or identifier`);
    const values = this.#list();
    if (this.#take().is !== ')') throw new DecodeError(`found '${first.text}', expected: ')'`);
    return values;
  }

  /** Names and commas; an empty place between, before or behind commas is an empty value. */
  #list(): string[] {
    const values: string[] = [];
    for (;;) {
      const token = this.#take();
      if (token.is === 'name') {
        values.push(token.text);
        const next = this.#peek();
        if (next.is === ')') return values;
        if (next.is !== ',') throw new DecodeError(`found '${next.text}', expected: ',' or ')'`);
      } else if (token.is === ',') {
        if (values.length === 0) values.push('');
        const next = this.#peek();
        if (next.is === ')' || next.is === ',') values.push('');
        if (next.is === ')') return values;
      } else throw new DecodeError(`found '${token.text}', expected: ',', or identifier`);
    }
  }
}
