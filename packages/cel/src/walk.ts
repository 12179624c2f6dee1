/** Going through an expression. */
import type { Expression } from './expression.ts';

/** What an expression is made of, in the order of evaluation: a call's target first, a loop's range and start before what it does. */
export function children(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal': case 'identifier': return [];
    case 'select': return [expression.operand];
    case 'call': return expression.target === undefined ? expression.args : [expression.target, ...expression.args];
    case 'list': return expression.elements;
    case 'map': return expression.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct': return expression.fields.map(({ value }) => value);
    case 'comprehension': return [expression.range, expression.initial, expression.condition, expression.step, expression.result];
  }
}

/** The expression and all within it, each before its parts, with the calls around it. */
export function* descendants(expression: Expression, functionsAround: readonly string[] = []): Generator<readonly [Expression, readonly string[]]> {
  yield [expression, functionsAround];
  const inside = expression.kind === 'call' ? [...functionsAround, expression.name] : functionsAround;
  for (const child of children(expression)) yield* descendants(child, inside);
}
