/** Rules of the expressions in policies and conditions: that they compile, and what they must give. */
import type { Age, PolicyNames, Type } from '@kaji/cel';
import { cel, type ExpressionLanguage } from '../../expression-language.ts';
import { internalError, invalid } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';

export interface ExpressionPlace {
  readonly path: string;
  /** The text that is compiled; `shown` where the field's own value is shown in errors instead. */
  readonly text: string;
  readonly shown?: string;
  /** What the object held before the request may use what later versions brought. */
  readonly age: Age;
  readonly names: PolicyNames;
  /** The types that it may give; any type when absent. */
  readonly results?: ResultTypes;
}

type ResultTypes = (language: ExpressionLanguage) => readonly Type[];

export const condition: ResultTypes = ({ boolType }) => [boolType];
export const message: ResultTypes = ({ stringType }) => [stringType];
export const annotation: ResultTypes = ({ stringType, nullType }) => [stringType, nullType];
export const applyConfiguration: ResultTypes = ({ objectType }) => [objectType('Object')];
export const jsonPatch: ResultTypes = ({ listType, objectType }) => [listType(objectType('JSONPatch'))];

/** The type that an expression gives, if it is good for its place, and what is wrong with it otherwise. */
function compiled({ path, text, shown = text, age, names, results }: ExpressionPlace): { readonly type?: Type; readonly errors: FieldError[] } {
  const { compile, instantiationProblem, isSame, policyEnvironment, resultText } = cel.value;
  const environment = policyEnvironment(age, names);
  const outcome = compile(text, environment);
  if ('problem' in outcome) return { errors: [invalid(path, shown, outcome.problem)] };
  const { type } = outcome.checked;
  const wanted = results?.(cel.value);
  if (wanted !== undefined && !wanted.some((result) => isSame(type, result))) return { errors: [invalid(path, shown, `must evaluate to ${oneOf(wanted.map(resultText))} but got ${resultText(type)}`)] };
  const problem = instantiationProblem(outcome.checked, environment);
  return problem === undefined ? { type, errors: [] } : { errors: [internalError(path, problem)] };
}

const oneOf = (names: readonly string[]): string => (names.length === 1 ? names.join('') : `one of [${names.join(' ')}]`);

export const expressionErrors = (place: ExpressionPlace): FieldError[] => compiled(place).errors;

/** The rules of a variable; its type is kept for the expressions after it, whether it compiles or not. */
export function variableExpressionErrors(name: string, place: ExpressionPlace, types: Map<string, Type>): FieldError[] {
  const { type, errors } = compiled(place);
  types.set(name, cel.value.variableType(type));
  return errors;
}

/** Whether an expression stood there before, among those of the same purpose. */
export function ageIn(before: readonly (string | undefined)[] | undefined): (text: string) => Age {
  const texts = new Set(before);
  return (text) => (texts.has(text) ? 'stored' : 'new');
}
