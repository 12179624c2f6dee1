/** What the rules of a schema (`x-kubernetes-validations`) say of a value, and what asking them costs. */
import type { Activation, DeclaredValue, Environment, Program } from '@kaji/cel';
import { isDeepEqual, type JsonValue } from '@kaji/schema';
import { cel } from '../../expression-language.ts';
import { duplicate, forbidden, invalid, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { JSONSchemaProps, ValidationRule } from './custom-resource-definition-spec.ts';
import { namesOldSelf, rulesOf } from './expression-rules.ts';
import { isEmbedded, itemsOf, propertyOf, someSchema, valuesOf } from './schema-parts.ts';
import { findPath } from './schema-path.ts';
import { isList, isObject } from './schema-values.ts';

/** What the rules of one request may cost together. */
export const requestCostLimit = 10_000_000;
const longestMessage = 5 * 1024;

/** What is left of what rules may cost. Below zero no more are asked. */
export class CostBudget {
  left: number;

  constructor(left: number) {
    this.left = left;
  }
}

export const hasRules = (schema: JSONSchemaProps): boolean => someSchema(schema, (part) => rulesOf(part).length > 0);

interface Place {
  readonly path: string;
  readonly budget: CostBudget;
  /** Whether the value is a resource, with metadata. */
  readonly isRoot: boolean;
}

/** What is wrong with a value by the rules of its schema. `old`: what stood there before; null where nothing did. */
export function ruleErrors(value: JsonValue, old: JsonValue, schema: JSONSchemaProps, place: Place): FieldError[] {
  if (value === null || place.budget.left < 0) return [];
  const { path, budget } = place;
  const errors = ownRuleErrors(value, old, schema, place);
  const within = (inner: JsonValue, before: JsonValue, innerSchema: JSONSchemaProps, innerPath: string): void => {
    if (budget.left >= 0) errors.push(...ruleErrors(inner, before, innerSchema, { path: innerPath, budget, isRoot: false }));
  };
  if (isList(value)) {
    const items = itemsOf(schema);
    if (items === undefined) return errors;
    const before = correlated(schema, isList(old) ? old : []);
    value.forEach((item, index) => { within(item, before(item), items, `${path}[${index}]`); });
  } else if (isObject(value)) {
    const before = isObject(old) ? old : {};
    const values = valuesOf(schema);
    for (const [name, item] of Object.entries(value)) {
      const property = propertyOf(schema, name);
      if (values !== undefined) within(item, before[name] ?? null, values, `${path}[${name}]`);
      if (property !== undefined) within(item, before[name] ?? null, property, `${path}.${name}`);
    }
  }
  return errors;
}

/** What stood at an item's place: of lists that are maps, the item with the same keys. */
function correlated(schema: JSONSchemaProps, old: readonly JsonValue[]): (item: JsonValue) => JsonValue {
  if (schema['x-kubernetes-list-type'] !== 'map') return () => null;
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  return (item) => old.find((each) => isObject(each) && isObject(item) && keys.every((key) => isDeepEqual(each[key], item[key]))) ?? null;
}

function ownRuleErrors(value: JsonValue, old: JsonValue, schema: JSONSchemaProps, { path, budget, isRoot }: Place): FieldError[] {
  const rules = rulesOf(schema);
  if (rules.length === 0) return [];
  const complain = (why: string): FieldError => invalid(path, schema.type ?? '', why);
  const stop = (why: string): FieldError => {
    budget.left = -1;
    return complain(why);
  };
  if (budget.left === 0) return [stop('validation failed due to running out of cost budget, no further validation rules will be run')];
  const declared = cel.value.declareValue(schema, isRoot || isEmbedded(schema));
  if (declared === undefined) return [complain('rule compiler initialization error: unable to convert structural schema to CEL declarations')];
  const errors: FieldError[] = [];
  for (const rule of rules) {
    if (rule.rule.trim() === '') continue; // told elsewhere
    const prepared = prepare(rule, declared);
    if ('problem' in prepared) {
      errors.push(complain(`rule compile error: ${prepared.problem}`));
      continue;
    }
    if (prepared.usesOldSelf && old === null && rule.optionalOldSelf !== true) continue;
    const variables = variablesOf(value, old, schema, { isRoot, isOldOptional: rule.optionalOldSelf === true });
    const outcome = prepared.program.run(variables);
    if (outcome.cost > budget.left) return [...errors, stop('validation failed due to running out of cost budget, no further validation rules will be run')];
    budget.left -= outcome.cost;
    if (outcome.value instanceof cel.value.Failure) {
      const { message } = outcome.value;
      const shown = ruleText(rule);
      if (message.startsWith('operation cancelled: actual cost limit exceeded')) return [...errors, stop(`'${message}': no further validation rules will be run due to call cost exceeds limit for rule: ${shown}`)];
      errors.push(complain(message.startsWith('no such overload') ? `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${shown}` : `${message} evaluating rule: ${shown}`));
    } else if (outcome.value !== true) {
      const at = prepared.hasField ? fieldOf(rule, schema, path) : path;
      const detail = brokenDetail(rule, prepared.message, variables, budget);
      if ('stopped' in detail) return [...errors, invalid(at, schema.type ?? '', detail.stopped)];
      errors.push(brokenRuleError(rule, at, detail.text, schema.type === 'object' || schema.type === 'array' ? undefined : value));
    }
  }
  return errors;
}

interface Prepared {
  readonly program: Program;
  readonly usesOldSelf: boolean;
  readonly message: Program | undefined;
  /** Kubernetes: where the message does not compile, the field is not looked at. */
  readonly hasField: boolean;
}

/** Kubernetes: what is stored may use all that there is, and by now it counts as stored. */
function prepare({ rule, messageExpression = '', optionalOldSelf }: ValidationRule, declared: DeclaredValue): Prepared | { readonly problem: string } {
  const { compile, Program: Runnable, ruleEnvironment } = cel.value;
  const environment: Environment = ruleEnvironment('stored', declared, optionalOldSelf === true);
  const outcome = compile(rule, environment);
  if ('problem' in outcome) return outcome;
  const message = messageExpression === '' ? undefined : compile(messageExpression, environment);
  return {
    program: new Runnable(outcome.checked, environment), usesOldSelf: namesOldSelf(outcome.checked),
    hasField: message === undefined || 'checked' in message,
    message: message !== undefined && 'checked' in message ? new Runnable(message.checked, environment) : undefined,
  };
}

function variablesOf(value: JsonValue, old: JsonValue, schema: JSONSchemaProps, { isRoot, isOldOptional }: { readonly isRoot: boolean; readonly isOldOptional: boolean }): Activation {
  const { Optional, schemaValue } = cel.value;
  const self = schemaValue(value, schema, isRoot);
  const before = old === null ? undefined : schemaValue(old, schema, isRoot);
  return (name) => (name === 'self' ? self : name === 'oldSelf' ? (isOldOptional ? new Optional(before) : before) : undefined);
}

const ruleText = ({ rule, message = '' }: ValidationRule): string => (message === '' ? rule : message).trim();

/** The field that a rule says it is about. */
function fieldOf({ fieldPath = '' }: ValidationRule, schema: JSONSchemaProps, path: string): string {
  const found = fieldPath === '' ? '' : findPath(fieldPath, schema);
  return typeof found === 'string' ? path : `${path}.${found.text}`;
}

/** What is said of a broken rule: what its message expression gives, if that is a line of text, or its message, or the rule itself. */
function brokenDetail(rule: ValidationRule, message: Program | undefined, variables: Activation, budget: CostBudget): { readonly text: string } | { readonly stopped: string } {
  const { message: text = '' } = rule;
  const usual = { text: text === '' ? `failed rule: ${ruleText(rule)}` : text.trim() };
  if (message === undefined) return usual;
  const { value, cost } = message.run(variables);
  if (cost > budget.left) {
    budget.left = -1;
    return { stopped: 'messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run' };
  }
  if (value instanceof cel.value.Failure && value.message.startsWith('operation cancelled: actual cost limit exceeded')) {
    budget.left = -1;
    return { stopped: `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${JSON.stringify(rule.messageExpression)}` };
  }
  budget.left -= cost;
  const line = typeof value === 'string' ? value.trim() : '';
  return line === '' || line.includes('\n') || new TextEncoder().encode(line).length > longestMessage ? usual : { text: line };
}

/** `value` is shown where it is simple. */
function brokenRuleError({ reason }: ValidationRule, path: string, detail: string, value: JsonValue | undefined): FieldError {
  switch (reason) {
    case 'FieldValueForbidden': return forbidden(path, detail);
    case 'FieldValueRequired': return required(path, detail);
    case 'FieldValueDuplicate': return value === undefined ? { field: path, reason: 'FieldValueDuplicate', message: 'Duplicate value' } : duplicate(path, value);
    default: return value === undefined ? { field: path, reason: 'FieldValueInvalid', message: `Invalid value: ${detail}` } : invalid(path, value, detail);
  }
}
