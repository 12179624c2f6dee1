/**
 * Whether a JSON value follows a schema. The order of the checks and the words for what is wrong are those of upstream's validator of OpenAPI,
 * which clients see.
 */
import { goQuoted, goText, isDeepEqual, type JsonValue, valueText } from '@kaji/schema';
import { cel } from '../../expression-language.ts';
import { notSupported, required, tooLong, tooMany } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { JSONSchemaProps } from './custom-resource-definition-spec.ts';
import { itemsOf, propertiesOf, propertyOf, valuesOf } from './schema-parts.ts';
import { hasFormat } from './value-formats.ts';
import { bareMistake, invalidMistake, isTooLong, mistake, type Mistake, shownValue, wrongType } from './value-mistake.ts';
import { isWhole, numberMistakes, wholeOf } from './value-number-rules.ts';

/** What is wrong with a value, each thing once, and how many checks were made: of alternatives that all fail, those of the closest are told. */
class Outcome {
  readonly mistakes: Mistake[] = [];
  checks = 0;
  readonly #texts = new Set<string>();

  add(...mistakes: readonly Mistake[]): this {
    for (const mistake of mistakes) {
      if (this.#texts.has(mistake.text)) continue;
      this.#texts.add(mistake.text);
      this.mistakes.push(mistake);
    }
    return this;
  }

  merge(other: Outcome | undefined): this {
    if (other === undefined) return this;
    this.checks += other.checks;
    return this.add(...other.mistakes);
  }

  get isGood(): boolean {
    return this.mistakes.length === 0;
  }
}

const failure = (...mistakes: readonly Mistake[]): Outcome => new Outcome().add(...mistakes);

/** What is wrong with a value at a path. */
export const valueErrors = (value: JsonValue, schema: JSONSchemaProps, path: string): FieldError[] => check(value, schema, '').mistakes.map(({ name, error }) => {
  const relative = name.replace(/^\./, '');
  return error(relative === '' ? path : path === '' ? relative : `${path}.${relative}`);
});

type ValueType = 'array' | 'boolean' | 'integer' | 'null' | 'number' | 'object' | 'string';

/** Numbers count as whole where they are written so and fit 64 bits. */
function typeOf(value: JsonValue): ValueType {
  switch (typeof value) {
    case 'string': return 'string';
    case 'boolean': return 'boolean';
    case 'bigint': return 'integer';
    case 'number': return Number.isSafeInteger(value) ? 'integer' : 'number';
    default: return value === null ? 'null' : Array.isArray(value) ? 'array' : 'object';
  }
}

function check(value: JsonValue, schema: JSONSchemaProps, name: string): Outcome {
  if (isTooLong(value)) return check(Number(value), schema, name);
  const outcome = new Outcome();
  const type = typeOf(value);
  if (type === 'null') return outcome.merge(nullOutcome(schema, name)).merge(enumOutcome(value, schema, name));
  const done = (part: Outcome | undefined): void => {
    outcome.merge(part);
    outcome.checks++;
  };
  if ((schema.type ?? '') !== '' || (schema.format ?? '') !== '') done(typeOutcome(value, type, schema, name));
  done(logicOutcome(value, schema, name));
  if (typeof value === 'string') {
    done(textOutcome(value, schema, name));
    const isGood = hasFormat(schema.format ?? '', value);
    if (isGood !== undefined) done(isGood ? undefined : failure(wrongType(name, schema.format ?? '', value)));
  } else if (typeof value === 'number' || typeof value === 'bigint') {
    const part = failure(...numberMistakes(value, schema, name));
    part.checks++;
    done(part);
  } else if (Array.isArray(value)) done(listOutcome(value, schema, name));
  done(enumOutcome(value, schema, name));
  if (type === 'object') done(objectOutcome(value as Readonly<Record<string, JsonValue>>, schema, name)); // by its type
  outcome.checks++;
  return outcome;
}

function nullOutcome({ type = '', nullable = false }: JSONSchemaProps, name: string): Outcome {
  if (type !== '' && !nullable) return failure(wrongType(name, type, 'null'));
  const outcome = new Outcome();
  outcome.checks++;
  return outcome;
}

const inferredFormats: Readonly<Partial<Record<ValueType, string>>> = { integer: 'int64', number: 'float64' };

function typeOutcome(value: JsonValue, type: ValueType, { type: wanted = '', format = '' }: JSONSchemaProps, name: string): Outcome {
  const inferred = inferredFormats[type] ?? '';
  const isWholeNumber = type === 'number' && typeof value === 'number' && isWhole(value) && wanted === 'integer';
  const fits = wanted === type || isWholeNumber || (type === 'integer' && wanted === 'number');
  const isTextual = type === 'string' || type === 'array';
  if (!isTextual && format !== '' && !fits && inferred !== format) return failure(wrongType(name, format, inferred));
  const isNumeric = wanted === 'number' || wanted === 'integer';
  if (fits || (isTextual && format !== '' && !isNumeric)) {
    const outcome = new Outcome();
    outcome.checks++;
    return outcome;
  }
  return failure(wrongType(name, wanted, type));
}

/** What alternatives say: of those that all fail, the one that passed most checks is told. */
function logicOutcome(value: JsonValue, { anyOf = [], oneOf = [], allOf = [], not }: JSONSchemaProps, name: string): Outcome {
  const outcome = new Outcome();
  const shown = goQuoted(name);
  if (anyOf.length > 0) {
    const tried: Outcome[] = [];
    for (const part of anyOf) {
      const next = check(value, part, name);
      tried.push(next);
      if (next.isGood) break;
    }
    const good = tried.find(({ isGood }) => isGood);
    if (good === undefined) outcome.add(bareMistake(`${shown} must validate at least one schema (anyOf)`));
    outcome.merge(good ?? closest(tried));
  }
  if (oneOf.length > 0) {
    const tried = oneOf.map((part) => check(value, part, name));
    const good = tried.filter(({ isGood }) => isGood);
    if (good.length === 1) outcome.merge(good[0]);
    else {
      outcome.add(bareMistake(`${shown} must validate one and only one schema (oneOf). ${good.length === 0 ? 'Found none valid' : `Found ${good.length} valid alternatives`}`));
      if (good.length === 0) outcome.merge(closest(tried));
    }
  }
  if (allOf.length > 0) {
    const tried = allOf.map((part) => check(value, part, name));
    for (const part of tried) outcome.merge(part);
    const good = tried.filter(({ isGood }) => isGood).length;
    if (good < tried.length) outcome.add(bareMistake(`${shown} must validate all the schemas (allOf)${good === 0 ? '. None validated' : ''}`));
  }
  if (not !== undefined && check(value, not, name).isGood) outcome.add(bareMistake(`${shown} must not validate the schema (not)`));
  outcome.checks++;
  return outcome;
}

const closest = (tried: readonly Outcome[]): Outcome | undefined => tried.reduce<Outcome | undefined>((best, next) => (best === undefined || next.checks > best.checks ? next : best), undefined);

function textOutcome(value: string, { maxLength, minLength, pattern = '' }: JSONSchemaProps, name: string): Outcome | undefined {
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) return failure(mistake(name, `${name} in body should be at most ${maxLength} chars long`, (path) => tooLong(path, Number(maxLength))));
  if (minLength !== undefined && length < minLength) return failure(invalidMistake(name, `${name} in body should be at least ${minLength} chars long`, value));
  if (pattern !== '' && !cel.value.matchesPattern(pattern, value)) return failure(invalidMistake(name, `${name} in body should match '${pattern}'`, value));
  return undefined;
}

function enumOutcome(value: JsonValue, { enum: given = [] }: JSONSchemaProps, name: string): Outcome | undefined {
  const allowed = given.map(shownValue);
  if (allowed.length === 0 || allowed.some((item) => isSameValue(shownValue(value), item))) return undefined;
  return failure(mistake(name, `${name} in body should be one of ${goText(allowed)}`, (path) => notSupported(path, shownValue(value), allowed.map((item) => (typeof item === 'string' ? item : valueText(item, true))))));
}

/** Kubernetes: the value is made the other's type before they are compared: fractions are cut off for whole numbers, and numbers become characters for text. */
function isSameValue(value: JsonValue, item: JsonValue): boolean {
  if (value === null || item === null) return false;
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (typeof item === 'string') return typeOf(value) === 'integer' && item === character(value);
    if (typeof item !== 'number' && typeof item !== 'bigint') return false;
    return typeOf(item) === 'integer' ? wholeOf(value) === BigInt(item) : Number(value) === Number(item);
  }
  return typeOf(value) === typeOf(item) && isDeepEqual(value, item);
}

const character = (code: number | bigint): string => {
  const isCharacter = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
  return isCharacter ? String.fromCodePoint(Number(code)) : '\ufffd';
};

function listOutcome(value: readonly JsonValue[], schema: JSONSchemaProps, name: string): Outcome {
  const outcome = new Outcome();
  const { minItems, maxItems, uniqueItems = false } = schema;
  const items = itemsOf(schema);
  if (items !== undefined) value.forEach((item, index) => outcome.merge(check(item, items, `${name}[${index}]`)));
  if (minItems !== undefined && value.length < minItems) outcome.add(invalidMistake(name, `${name} in body should have at least ${minItems} items`, value.length));
  if (maxItems !== undefined && value.length > maxItems) outcome.add(mistake(name, `${name} in body should have at most ${maxItems} items`, (path) => tooMany(path, value.length, Number(maxItems))));
  if (uniqueItems && new Set(value.map((item) => valueText(item, true))).size < value.length) outcome.add(invalidMistake(name, `${name} in body shouldn't contain duplicates`, ''));
  outcome.checks++;
  return outcome;
}

function objectOutcome(value: Readonly<Record<string, JsonValue>>, schema: JSONSchemaProps, name: string): Outcome {
  const outcome = new Outcome();
  const { minProperties, maxProperties, additionalProperties, required: needed = [] } = schema;
  const count = Object.keys(value).length;
  if (minProperties !== undefined && count < minProperties) outcome.add(invalidMistake(name, `${name} in body should have at least ${minProperties} properties`, count));
  if (maxProperties !== undefined && count > maxProperties) outcome.add(mistake(name, `${name} in body should have at most ${maxProperties} properties`, (path) => tooMany(path, count, Number(maxProperties))));
  const values = valuesOf(schema);
  for (const [key, item] of Object.entries(value)) {
    if (propertyOf(schema, key) !== undefined) continue;
    if (additionalProperties === false) outcome.add(invalidMistake(name, `${name}.${key} in body is a forbidden property`, key));
    else if (values !== undefined) outcome.merge(check(item, values, `${name}.${key}`));
  }
  for (const [key, property] of propertiesOf(schema)) {
    const item = Object.hasOwn(value, key) ? value[key] : undefined;
    if (item !== undefined) outcome.merge(check(item, property, name === '' ? key : `${name}.${key}`));
  }
  for (const key of needed) if (!Object.hasOwn(value, key)) outcome.add(mistake(`${name}.${key}`, `${name}.${key} in body is required`, (path) => required(path)));
  return outcome;
}
