/** Rules of the rules that a schema holds (`x-kubernetes-validations`): their texts, what they compile to, and what checking all of them may cost. */
import { boolType, compile, declareValue, descendants, instantiationProblem, mostOccurrences, ruleCost, ruleEnvironment, stringType, type Age, type Checked, type DeclaredValue } from '@kaji/cel';
import { goForm } from '@kaji/schema';
import { forbidden, internalError, invalid, notSupported, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { type JSONSchemaProps, ValidationRule } from './custom-resource-definition-spec.ts';
import { isFieldPath } from './field-path-rules.ts';

const mostCost = 10_000_000n;
const mostTotalCost = 100_000_000n;
const greatest = 2n ** 64n - 1n;
const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const key = 'x-kubernetes-validations';

export interface SchemaContext {
  /** The rules and messages' expressions that the definition held before. */
  readonly before: ReadonlySet<string>;
  /** Whether each rule by itself may cost what it does: its schema is an old one. */
  readonly isUnchanged: boolean;
}

/** All that is wrong with the rules of one version's schema. */
export function schemaExpressionErrors(schema: JSONSchemaProps, path: string, context: SchemaContext): FieldError[] {
  const root = { schema, path, isRoot: true, occurrences: 1n };
  const misplaced = misplacedErrors(root);
  const walk = new Walk(context);
  const { texts, expressions } = walk.errors(root);
  // Kubernetes: rules are not compiled while they stand where they must not.
  return misplaced.length > 0 ? [...misplaced, ...texts] : [...texts, ...expressions, ...walk.totalErrors(path)];
}

function misplacedErrors(place: Place): FieldError[] {
  const own = place.isLogical === true && (place.schema[key] ?? []).length > 0 ? [forbidden(`${place.path}.${key}`, 'must be empty to be structural')] : [];
  return [...own, ...placesWithin(place).flatMap(misplacedErrors)];
}

/** Every rule and message's expression in a schema. */
export function expressionsOf(schema: JSONSchemaProps | undefined): string[] {
  if (schema === undefined) return [];
  const own = (schema[key] ?? []).flatMap(({ rule, messageExpression = '' }) => [rule, messageExpression]);
  return [...own, ...placesWithin({ schema, path: '', isRoot: false }).flatMap((place) => expressionsOf(place.schema))];
}

interface Place {
  readonly schema: JSONSchemaProps;
  readonly path: string;
  readonly isRoot: boolean;
  /** How many values it may stand for at most; absent where nothing limits them. */
  readonly occurrences?: bigint | undefined;
  /** Where rules are not compiled: below `not` and such. */
  readonly isLogical?: boolean;
  /** The schema that tells new values apart from old ones no more. */
  readonly uncorrelatable?: string | undefined;
}

interface Found {
  readonly texts: readonly FieldError[];
  readonly expressions: readonly FieldError[];
}

/** How many of a value's parts there are for one of it. */
function factor({ type, additionalProperties, maxProperties, maxItems }: JSONSchemaProps): bigint | undefined {
  const limit = type === 'array' ? maxItems : type === 'object' && additionalProperties !== undefined ? maxProperties : 1;
  return limit === undefined ? undefined : limit < 0 ? 0n : BigInt(limit);
}

const isSchema = (value: JSONSchemaProps | readonly unknown[] | boolean | undefined): value is JSONSchemaProps => typeof value === 'object' && !Array.isArray(value);
const clamped = (value: bigint): bigint => (value > greatest ? greatest : value);

function placesWithin({ schema, path, occurrences, isLogical = false, uncorrelatable }: Place): Place[] {
  const { properties = {}, additionalProperties, items, not, allOf = [], oneOf = [], anyOf = [] } = schema;
  const times = factor(schema);
  const shared = { isRoot: false, isLogical, uncorrelatable, occurrences: occurrences === undefined || times === undefined ? undefined : clamped(occurrences * times) };
  const logical = (inner: JSONSchemaProps, at: string): Place => ({ schema: inner, path: `${path}.${at}`, isRoot: false, isLogical: true, uncorrelatable });
  return [
    ...(isSchema(additionalProperties) ? [{ ...shared, schema: additionalProperties, path: `${path}.additionalProperties` }] : []),
    ...Object.entries(properties).map(([name, inner]) => ({ ...shared, schema: inner, path: `${path}.properties[${name}]` })),
    ...(not === undefined ? [] : [logical(not, 'not')]),
    ...allOf.map((inner, index) => logical(inner, `allOf[${index}]`)), ...oneOf.map((inner, index) => logical(inner, `oneOf[${index}]`)), ...anyOf.map((inner, index) => logical(inner, `anyOf[${index}]`)),
    ...(isSchema(items) ? [{ ...shared, schema: items, path: `${path}.items`, uncorrelatable: uncorrelatable ?? (schema['x-kubernetes-list-type'] === 'map' ? undefined : path) }] : []),
  ];
}

class Walk {
  readonly #context: SchemaContext;
  #total = 0n;
  readonly #expensive: { readonly path: string; readonly cost: bigint }[] = [];

  constructor(context: SchemaContext) {
    this.#context = context;
  }

  errors(place: Place): Found {
    const { schema, path } = place;
    const inner = placesWithin(place).map((child) => this.errors(child));
    const rules = schema[key] ?? [];
    const texts = [...inner.flatMap((found) => found.texts), ...rules.flatMap((rule, index) => textErrors(rule, `${path}.${key}[${index}]`, schema))];
    const expressions = inner.flatMap((found) => found.expressions);
    // Kubernetes: while the schema itself is wrong, what rules say of it is not told.
    if (texts.length > 0 || place.isLogical === true || rules.length === 0) return { texts, expressions };
    const declared = declareValue(schema, place.isRoot || schema['x-kubernetes-embedded-resource'] === true);
    if (declared === undefined) {
      const why = 'internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations';
      return { texts, expressions: [...expressions, internalError(`${path}.${key}`, why)] };
    }
    return { texts, expressions: [...expressions, ...rules.flatMap((rule, index) => this.#ruleErrors(rule, `${path}.${key}[${index}]`, declared, place))] };
  }

  totalErrors(path: string): FieldError[] {
    if (this.#total <= mostTotalCost) return [];
    const worst = this.#expensive.toSorted((a, b) => Number(b.cost - a.cost)).slice(0, 4);
    return [
      ...worst.map((rule) => forbidden(rule.path, 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema')),
      forbidden(path, costText('x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema', this.#total, mostTotalCost)),
    ];
  }

  #ruleErrors(rule: ValidationRule, path: string, declared: DeclaredValue, { occurrences, uncorrelatable }: Place): FieldError[] {
    const outcome = compiled(rule.rule, this.#age(rule.rule), declared, rule.optionalOldSelf === true);
    const usesOld = outcome.checked !== undefined && [...descendants(outcome.checked.expression)].some(([part]) => part.kind === 'identifier' && part.name === 'oldSelf');
    const own = outcome.problem !== undefined ? [invalid(`${path}.rule`, goForm(ValidationRule, rule), outcome.problem)] : [
      ...this.#costErrors(`${path}.rule`, 'estimated rule cost', clamped(ruleCost(outcome.checked, declared) * (occurrences ?? mostOccurrences(declared)))), ...this.#messageErrors(rule, path, declared),
    ];
    return [
      ...own, ...(usesOld && uncorrelatable !== undefined ? [invalid(`${path}.rule`, rule.rule, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`)] : []),
      ...(usesOld || rule.optionalOldSelf === undefined ? [] : [invalid(`${path}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule')]),
    ];
  }

  #messageErrors(rule: ValidationRule, path: string, declared: DeclaredValue): FieldError[] {
    const { messageExpression = '' } = rule;
    if (messageExpression === '') return [];
    const outcome = compiledMessage(messageExpression, this.#age(messageExpression), declared, rule.optionalOldSelf === true);
    if (outcome.problem !== undefined) return [invalid(`${path}.messageExpression`, goForm(ValidationRule, rule), outcome.problem)];
    return this.#costErrors(`${path}.messageExpression`, 'estimated messageExpression cost', ruleCost(outcome.checked, declared));
  }

  #age(text: string): Age {
    return this.#context.before.has(text) ? 'stored' : 'new';
  }

  /** Counts a cost, and tells of one that is too high by itself. */
  #costErrors(path: string, name: string, cost: bigint): FieldError[] {
    this.#total = clamped(this.#total + cost);
    if (cost >= mostTotalCost / 100n) this.#expensive.push({ path, cost });
    return cost > mostCost && !this.#context.isUnchanged ? [forbidden(path, costText(name, cost, mostCost))] : [];
  }
}

/** What a rule is, as far as it could be compiled, and what is wrong with it. */
type Outcome = { readonly checked: Checked; readonly problem?: undefined } | { readonly checked?: Checked; readonly problem: string };

const outcomeOf = (checked: Checked, problem: string | undefined): Outcome => (problem === undefined ? { checked } : { checked, problem });

function compiled(text: string, age: Age, declared: DeclaredValue, isOldOptional: boolean): Outcome {
  const environment = ruleEnvironment(age, declared, isOldOptional);
  const outcome = compile(text, environment);
  if ('problem' in outcome) return outcome;
  const { checked } = outcome;
  return checked.type === boolType ? outcomeOf(checked, instantiationProblem(checked, environment)) : { problem: 'cel expression must evaluate to a bool' };
}

function compiledMessage(text: string, age: Age, declared: DeclaredValue, isOldOptional: boolean): Outcome {
  const environment = ruleEnvironment(age, declared, isOldOptional);
  const outcome = compile(text, environment);
  if ('problem' in outcome) return { problem: `messageExpression ${outcome.problem}` };
  const { checked } = outcome;
  return checked.type === stringType ? outcomeOf(checked, instantiationProblem(checked, environment)?.replace('program', 'messageExpression')) : { problem: 'messageExpression must evaluate to a string' };
}

function costText(name: string, cost: bigint, limit: bigint): string {
  const excess = Number(cost) / Number(limit);
  const times = excess > 100 ? 'more than 100x' : `${excess.toFixed(excess < 1.5 ? 6 : 1)}x`;
  return `${name} exceeds budget by factor of ${times} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

function textErrors({ rule, message = '', messageExpression = '', reason, fieldPath = '' }: ValidationRule, path: string, schema: JSONSchemaProps): FieldError[] {
  const isBlank = (text: string): boolean => text !== '' && text.trim() === '';
  const hasBreaks = (text: string): boolean => /[\n\r]/.test(text);
  return [
    ...(rule.trim() === '' ? [required(`${path}.rule`, 'rule is not specified')]
      : isBlank(message) ? [invalid(`${path}.message`, message, 'must be non-empty if specified')]
        : hasBreaks(message.trim()) ? [invalid(`${path}.message`, message, 'must not contain line breaks')]
          : hasBreaks(rule.trim()) && message === '' ? [required(`${path}.message`, 'message must be specified if rule contains line breaks')] : []),
    ...(isBlank(messageExpression) ? [required(`${path}.messageExpression`, 'messageExpression must be non-empty if specified')] : []),
    ...(reason === undefined || reasons.includes(reason) ? [] : [notSupported(`${path}.reason`, reason, reasons)]),
    ...(isBlank(fieldPath) ? [invalid(`${path}.fieldPath`, fieldPath, 'must be non-empty if specified')] : []),
    ...(hasBreaks(fieldPath) ? [invalid(`${path}.fieldPath`, fieldPath, 'must not contain line breaks')] : []),
    ...(fieldPath === '' || isFieldPath(fieldPath, schema) ? [] : [invalid(`${path}.fieldPath`, fieldPath, 'must be a valid path')]),
  ];
}
