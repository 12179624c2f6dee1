/** Rules of the rules in schemas (`x-kubernetes-validations`): their texts, and what becomes of them as expressions. */
import type { Age, Checked, DeclaredValue, Environment } from '@kaji/cel';
import { goForm } from '@kaji/schema';
import { cel } from '../../expression-language.ts';
import { forbidden, internalError, invalid, notSupported, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { type JSONSchemaProps, ValidationRule } from './custom-resource-definition-spec.ts';
import type { ExpressionScope } from './expression-scope.ts';
import { schemasWithin } from './schema-parts.ts';
import { findPath } from './schema-path.ts';
import { unstructuredSchemaProblem } from './structural-rules.ts';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];
const mostCost = 10_000_000n;
export const mostTotalCost = 100_000_000n;

export const rulesOf = (schema: JSONSchemaProps): readonly ValidationRule[] => schema['x-kubernetes-validations'] ?? [];

/** The expressions that a definition held before the request: they may use what later versions brought. */
export class StoredExpressions {
  readonly #rules = new Set<string>();
  readonly #messages = new Set<string>();

  constructor(schemas: Iterable<JSONSchemaProps>) {
    for (const schema of schemas) {
      for (const part of schemasWithin(schema)) {
        for (const { rule, messageExpression = '' } of rulesOf(part)) {
          this.#rules.add(rule);
          if (messageExpression !== '') this.#messages.add(messageExpression);
        }
      }
    }
  }

  ageOfRule(rule: string): Age {
    return this.#rules.has(rule) ? 'stored' : 'new';
  }

  ageOfMessage(expression: string): Age {
    return this.#messages.has(expression) ? 'stored' : 'new';
  }
}

const breaksLines = (text: string): boolean => /[\n\r]/.test(text);
/** As Go trims text. */
const trimmed = (text: string): string => text.replaceAll(/^[\s\u0085]+|[\s\u0085]+$/g, (space) => space.replaceAll(/[^\ufeff]/g, ''));

/** What is wrong with the texts of a rule. */
export function ruleTextErrors({ rule, message = '', messageExpression = '', reason, fieldPath = '' }: ValidationRule, schema: JSONSchemaProps, path: string): FieldError[] {
  const [text, note] = [trimmed(rule), trimmed(message)];
  const at = (name: string): string => `${path}.${name}`;
  const errors: FieldError[] = [];
  if (text === '') errors.push(required(at('rule'), 'rule is not specified'));
  else if (message !== '' && note === '') errors.push(invalid(at('message'), message, 'must be non-empty if specified'));
  else if (breaksLines(note)) errors.push(invalid(at('message'), message, 'must not contain line breaks'));
  else if (breaksLines(text) && note === '') errors.push(required(at('message'), 'message must be specified if rule contains line breaks'));
  if (messageExpression !== '' && trimmed(messageExpression) === '') errors.push(required(at('messageExpression'), 'messageExpression must be non-empty if specified'));
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(at('reason'), reason, reasons));
  if (fieldPath !== '' && trimmed(fieldPath) === '') errors.push(invalid(at('fieldPath'), fieldPath, 'must be non-empty if specified'));
  if (breaksLines(fieldPath)) errors.push(invalid(at('fieldPath'), fieldPath, 'must not contain line breaks'));
  if (fieldPath !== '' && unstructuredSchemaProblem(schema) === undefined && typeof findPath(fieldPath, schema) === 'string') errors.push(invalid(at('fieldPath'), fieldPath, 'must be a valid path'));
  return errors;
}

export interface RulePlace {
  readonly path: string;
  readonly scope: ExpressionScope;
  readonly stored: StoredExpressions;
  /** Whether a schema that has not changed keeps rules that are too expensive each by itself. */
  readonly allowsCost: boolean;
  /** The list or map above the values whose items cannot be told apart between two versions of an object. */
  readonly uncorrelated: string | undefined;
}

/** What is wrong with the rules of a schema as expressions. Their costs go to the total. */
export function compiledRuleErrors(schema: JSONSchemaProps, place: RulePlace): FieldError[] {
  const { path, scope, uncorrelated } = place;
  const declared = scope.declared();
  const validations = `${path}.x-kubernetes-validations`;
  if (typeof declared === 'string') return [internalError(validations, declared)];
  const compiler = new RuleCompiler(declared);
  return rulesOf(schema).flatMap((rule, index) => {
    const at = `${validations}[${index}]`;
    const shown = goForm(ValidationRule, rule);
    const { checked, problem } = compiler.compile(rule.rule, { age: place.stored.ageOfRule(rule.rule), isOldOptional: rule.optionalOldSelf === true, result: 'condition' });
    const isGood = problem === undefined && checked !== undefined;
    return [
      ...(isGood ? expressionCostErrors('estimated rule cost', scope.costOf(cel.value.ruleCost(checked, declared), declared), `${at}.rule`, place) : [invalid(`${at}.rule`, shown, problem ?? '')]),
      ...(isGood ? messageErrors(rule, shown, at, { ...place, compiler }) : []), ...oldValueErrors(rule, checked !== undefined && namesOldSelf(checked), at, uncorrelated),
    ];
  });
}

/** An expression as far as it could be compiled. */
interface Outcome {
  readonly checked?: Checked;
  readonly problem?: string;
}

interface Purpose {
  readonly age: Age;
  readonly isOldOptional: boolean;
  readonly result: 'condition' | 'message';
}

/** Compiles expressions about values of one schema. What they may name is worked out once. */
class RuleCompiler {
  readonly declared: DeclaredValue;
  readonly #environments = new Map<string, Environment>();

  constructor(declared: DeclaredValue) {
    this.declared = declared;
  }

  compile(text: string, { age, isOldOptional, result }: Purpose): Outcome {
    const { boolType, compile, instantiationProblem, stringType } = cel.value;
    const environment = this.#environment(age, isOldOptional);
    const outcome = compile(text, environment);
    const prefix = result === 'message' ? 'messageExpression ' : '';
    if ('problem' in outcome) return { problem: `${prefix}${outcome.problem}` };
    const { checked } = outcome;
    if (result === 'message' && checked.type !== stringType) return { problem: 'messageExpression must evaluate to a string' };
    if (result === 'condition' && checked.type !== boolType) return { problem: 'cel expression must evaluate to a bool' };
    const problem = instantiationProblem(checked, environment);
    return problem === undefined ? { checked } : { checked, problem: result === 'message' ? problem.replace('program', 'messageExpression') : problem };
  }

  #environment(age: Age, isOldOptional: boolean): Environment {
    const key = `${age} ${isOldOptional}`;
    const environment = this.#environments.get(key) ?? cel.value.ruleEnvironment(age, this.declared, isOldOptional);
    this.#environments.set(key, environment);
    return environment;
  }
}

export function namesOldSelf({ expression }: Checked): boolean {
  for (const [part] of cel.value.descendants(expression)) if (part.kind === 'identifier' && part.name === 'oldSelf') return true;
  return false;
}

function messageErrors({ messageExpression = '', optionalOldSelf }: ValidationRule, shown: unknown, at: string, place: RulePlace & { readonly compiler: RuleCompiler }): FieldError[] {
  if (messageExpression === '') return [];
  const path = `${at}.messageExpression`;
  const { compiler, stored } = place;
  const { checked, problem } = compiler.compile(messageExpression, { age: stored.ageOfMessage(messageExpression), isOldOptional: optionalOldSelf === true, result: 'message' });
  if (problem !== undefined || checked === undefined) return [invalid(path, shown, problem ?? '')];
  return expressionCostErrors('estimated messageExpression cost', cel.value.ruleCost(checked, compiler.declared), path, place);
}

/** Counts a cost, and tells of one that is too high by itself. */
function expressionCostErrors(what: string, cost: bigint, path: string, { scope, allowsCost }: RulePlace): FieldError[] {
  scope.total.observe(path, cost);
  return allowsCost ? [] : costErrors(what, cost, mostCost, path);
}

function oldValueErrors({ rule, optionalOldSelf }: ValidationRule, usesOldSelf: boolean, at: string, uncorrelated: string | undefined): FieldError[] {
  if (usesOldSelf) return uncorrelated === undefined ? [] : [invalid(`${at}.rule`, rule, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`)];
  return optionalOldSelf === undefined ? [] : [invalid(`${at}.optionalOldSelf`, optionalOldSelf, 'may not be set if oldSelf is not used in rule')];
}

/** What is said of a cost above its limit. */
export function costErrors(what: string, cost: bigint, limit: bigint, path: string): FieldError[] {
  if (cost <= limit) return [];
  const factor = Number(cost) / Number(limit);
  const shown = factor > 100 ? 'more than 100' : factor.toFixed(factor < 1.5 ? 6 : 1);
  return [forbidden(path, `${what} exceeds budget by factor of ${shown}x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`)];
}
