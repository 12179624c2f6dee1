/** Defaults that schemas state: they must follow the schema and its rules themselves, and hold nothing that it does not know. */
import { isDeepEqual, type JsonValue } from '@kaji/schema';
import { invalid } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { JSONSchemaProps } from './custom-resource-definition-spec.ts';
import { CostBudget, hasRules, requestCostLimit, ruleErrors } from './rule-evaluation.ts';
import { isEmbedded, itemsOf, propertiesOf, resourceRoot, someSchema, systemFields, valuesOf } from './schema-parts.ts';
import { coercedValue, isList, isObject, prunedValue, resourceErrors } from './schema-values.ts';
import { unstructuredSchemaProblem, structuralErrors } from './structural-rules.ts';
import { shownValue } from './value-mistake.ts';
import { valueErrors } from './value-rules.ts';

/** A step from a value to a value in it: the name of a field, or the first item of a list. */
type Step = string | 0;

/** Where a schema stands. */
interface Place {
  readonly path: string;
  /** The schema of the resource around, and the way from there. */
  readonly root: JSONSchemaProps;
  readonly steps: readonly Step[];
  /** Within what resources have of the system: a default is judged with the whole resource around it. */
  readonly isInsideSystemField: boolean;
  /** What rules may still cost, of all defaults together. */
  readonly budget: CostBudget;
}

export const hasDefault = (schema: JSONSchemaProps): boolean => (schema.default ?? null) !== null;

/** What is wrong with the defaults of a resource's schema. */
export function defaultErrors(schema: JSONSchemaProps, path: string, mustBePruned: boolean): FieldError[] {
  const root = resourceRoot(schema);
  return errorsWithin(root, { path, root, steps: [], isInsideSystemField: false, budget: new CostBudget(requestCostLimit) }, mustBePruned);
}

function errorsWithin(schema: JSONSchemaProps, outer: Place, mustBePruned: boolean): FieldError[] {
  const place = isEmbedded(schema) ? { ...outer, root: schema, steps: [], isInsideSystemField: false } : outer;
  const { path, steps, isInsideSystemField } = place;
  const value = schema.default ?? null;
  const errors = value === null ? [] : isInsideSystemField ? systemDefaultErrors(value, schema, place) : plainDefaultErrors(value, schema, place, mustBePruned);
  if (place.budget.left < 0) return errors;
  const items = itemsOf(schema);
  if (items !== undefined) errors.push(...errorsWithin(items, { ...place, path: `${path}.items`, steps: [...steps, 0] }, mustBePruned));
  for (const [name, property] of propertiesOf(schema)) {
    const isSystemField = isInsideSystemField || (isEmbedded(schema) && systemFields.has(name));
    errors.push(...errorsWithin(property, { ...place, path: `${path}.properties[${name}]`, steps: [...steps, name], isInsideSystemField: isSystemField }, mustBePruned));
  }
  return errors;
}

function plainDefaultErrors(value: JsonValue, schema: JSONSchemaProps, place: Place, mustBePruned: boolean): FieldError[] {
  const path = `${place.path}.default`;
  const unknown = mustBePruned && !isDeepEqual(prunedValue(value, schema), value) ? [invalid(path, shownValue(value), 'must not have unknown fields')] : [];
  const coerced = coercedValue(value, schema, { path });
  if ('error' in coerced) return [...unknown, coerced.error];
  const errors = resourceErrors(coerced.value, schema, path);
  return [...unknown, ...(errors.length > 0 ? errors : valueAndRuleErrors(coerced.value, schema, place))];
}

/** Kubernetes: rules are asked about a default that takes its own place, and then about one that is new; the dearer of both counts. */
function valueAndRuleErrors(value: JsonValue, schema: JSONSchemaProps, { path, root, budget }: Place): FieldError[] {
  const at = `${path}.default`;
  const errors = valueErrors(value, schema, at);
  if (errors.length > 0 || !hasRules(schema)) return errors;
  const asked = { path: at, isRoot: schema === root };
  const [kept, made] = [new CostBudget(budget.left), new CostBudget(budget.left)];
  const broken = ruleErrors(value, value, schema, { ...asked, budget: kept });
  if (broken.length === 0) broken.push(...ruleErrors(value, null, schema, { ...asked, budget: made }));
  budget.left = Math.min(kept.left, made.left);
  return broken;
}

const errorText = ({ field, message }: FieldError): string => `${field}: ${message}`;

function systemDefaultErrors(value: JsonValue, schema: JSONSchemaProps, place: Place): FieldError[] {
  const { path, root, steps } = place;
  const at = `${path}.default`;
  const around = surrounded(value, steps);
  const object = isObject(around) ? { kind: 'Validation', apiVersion: 'validation/v1', ...around } : around;
  const unfit = (why: string): FieldError[] => [invalid(at, shownValue(value), `must result in valid metadata: ${why}`)];
  const coerced = coercedValue(object, root, { path: '' });
  if ('error' in coerced) return unfit(errorText(coerced.error));
  const errors = [...new Set(resourceErrors(coerced.value, root, '').map(errorText))];
  if (errors.length > 0) return unfit(errors.length === 1 ? errors.join('') : `[${errors.join(', ')}]`);
  return valueAndRuleErrors(value, schema, place);
}

/** A resource that holds nothing but the value, at its place. */
const surrounded = (value: JsonValue, steps: readonly Step[]): JsonValue => steps.reduceRight<JsonValue>((inner, step) => (step === 0 ? [inner] : { [step]: inner }), value);

function valueAt(value: JsonValue | undefined, [step, ...steps]: readonly Step[]): JsonValue | undefined {
  if (step === undefined) return value;
  if (step === 0) return isList(value) ? valueAt(value[0], steps) : undefined;
  return isObject(value) ? valueAt(value[step], steps) : undefined;
}

/** Whether a schema that is stored has defaults with fields that it does not know. Of such ones none are asked to be better. */
export function hasUnprunedDefaults(schema: JSONSchemaProps): boolean {
  if (!someSchema(schema, hasDefault) || unstructuredSchemaProblem(schema) !== undefined || structuralErrors(schema, '').length > 0) return false;
  return isUnprunedWithin(schema, resourceRoot(schema), []);
}

function isUnprunedWithin(schema: JSONSchemaProps, root: JSONSchemaProps, steps: readonly Step[]): boolean {
  const [items, values] = [itemsOf(schema), valuesOf(schema)];
  return isUnpruned(schema.default ?? null, root, steps)
    || (values !== undefined && isUnprunedWithin(values, root, [...steps, '*'])) || (items !== undefined && isUnprunedWithin(items, root, [...steps, 0]))
    || propertiesOf(schema).some(([name, property]) => isUnprunedWithin(property, root, [...steps, name]));
}

function isUnpruned(value: JsonValue, root: JSONSchemaProps, steps: readonly Step[]): boolean {
  if (value === null) return false;
  const coerced = coercedValue(surrounded(value, steps), root, { path: '', dropsUnfit: true });
  return 'value' in coerced && !isDeepEqual(valueAt(prunedValue(coerced.value, root), steps), value);
}
