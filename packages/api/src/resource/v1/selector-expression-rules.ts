/** Rules of the expressions that select devices. */
import type { Age } from '@kaji/cel';
import { cel } from '../../expression-language.ts';
import { forbidden, internalError, invalid, tooLong } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';

const longestExpression = 10 * 1024;
const mostCost = 1_000_000n;

export function selectorExpressionErrors(text: string, path: string, age: Age): FieldError[] {
  if (new TextEncoder().encode(text).length > longestExpression) return [tooLong(path, longestExpression)];
  const { compile, deviceEnvironment, instantiationProblem, resultText, selectorCost } = cel.value;
  const environment = deviceEnvironment(age);
  const outcome = compile(text, environment);
  if ('problem' in outcome) return [invalid(path, text, outcome.problem)];
  const { type } = outcome.checked;
  // An attribute's type is not known before there is a device.
  if (type.kind !== 'any' && (type.kind !== 'bool' || type.isNullable)) return [invalid(path, text, `must evaluate to bool or the unknown type, not ${resultText(type)}`)];
  const problem = instantiationProblem(outcome.checked, environment);
  if (problem !== undefined) return [internalError(path, problem)];
  return selectorCost(outcome.checked) > mostCost ? [forbidden(path, 'too complex, exceeds cost limit')] : [];
}
