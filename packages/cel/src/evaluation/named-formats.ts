/** Formats of texts as values. */
import { dns1035LabelErrors, dns1123LabelErrors, dns1123SubdomainErrors, labelValueErrors, parseGoRequestUrl, qualifiedNameErrors } from '@kaji/schema';
import { readTimestamp } from '../conversions.ts';
import type { Implementation } from './functions.ts';
import { type AddedValue, type Failure, ListValue, none, noSuchOverload, Optional, type Value } from './value.ts';

type Check = (text: string) => readonly string[];

export class FormatValue implements AddedValue {
  readonly kind = 'added';
  readonly typeName = 'kubernetes.NamedFormat';
  readonly goType = 'cel.Format';
  readonly #name: string;
  readonly problems: Check;
  /** Of the pattern that stands for the format where costs are told. */
  readonly patternLength: number;

  constructor(name: string, problems: Check, patternLength: number) {
    this.#name = name;
    this.problems = problems;
    this.patternLength = patternLength;
  }

  isEqual(other: Value): boolean | Failure {
    return other instanceof FormatValue ? this.#name === other.#name : noSuchOverload;
  }
}

/** A prefix may end with hyphens, for which something else will stand. */
const ofPrefix = (problems: Check): Check => (text) => problems(text.length > 1 && text.endsWith('-') ? `${text.slice(0, -1)}a` : text);
const matching = (isGood: (text: string) => boolean, problem: string): Check => (text) => (isGood(text) ? [] : [problem]);

const isBase64 = (text: string): boolean => /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=|[A-Za-z\d+/]{4})$/.test(text);
const isUuid = (text: string): boolean => /^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i.test(text);
const isDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && readTimestamp(`${text}T00:00:00Z`) !== undefined;
const isDateTime = (text: string): boolean => /^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:z|[+-]\d{2}:\d{2})$/i.test(text) && readTimestamp(text.toUpperCase().replace(/[+-]\d{2}:\d{2}$/, 'Z')) !== undefined;

function uriProblems(text: string): string[] {
  const url = parseGoRequestUrl(text);
  return typeof url === 'string' ? [url] : [];
}

const formats: ReadonlyMap<string, FormatValue> = new Map(([
  ['dns1123Label', dns1123LabelErrors, 30], ['dns1123Subdomain', dns1123SubdomainErrors, 60], ['dns1035Label', dns1035LabelErrors, 30], ['qualifiedName', qualifiedNameErrors, 60],
  ['dns1123LabelPrefix', ofPrefix(dns1123LabelErrors), 30], ['dns1123SubdomainPrefix', ofPrefix(dns1123SubdomainErrors), 60], ['dns1035LabelPrefix', ofPrefix(dns1035LabelErrors), 30],
  ['labelValue', labelValueErrors, 40], ['uri', uriProblems, 1103], ['uuid', matching(isUuid, 'does not match the UUID format'), 70], ['byte', matching(isBase64, 'invalid base64'), 84],
  ['date', matching(isDate, 'invalid date'), 71], ['datetime', matching(isDateTime, 'invalid datetime'), 71],
] satisfies [string, Check, number][]).map(([name, problems, patternLength]) => [name, new FormatValue(name, problems, patternLength)]));

const validate: Implementation = ([format, text]) => {
  if (!(format instanceof FormatValue) || typeof text !== 'string') return noSuchOverload;
  const problems = format.problems(text);
  return problems.length === 0 ? none : new Optional(ListValue.of(problems));
};

export const formatFunctions: readonly (readonly [string, Implementation])[] = [
  ...Array.from(formats, ([name, format]) => [`format.${name}`, () => format] as const), ['validate', validate],
  ['format.named', ([name]) => (typeof name === 'string' ? new Optional(formats.get(name)) : noSuchOverload)],
];
