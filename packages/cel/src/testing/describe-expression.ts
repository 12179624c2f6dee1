/** An expression in one line for tables of tests: each node with its id and the place that errors about it point at. */
import type { Expression, Literal } from '../expression.ts';

function describeLiteral(literal: Literal): string {
  switch (literal.type) {
    case 'null': return 'null';
    case 'uint': return `${String(literal.value)}u`;
    case 'double': return `${String(literal.value)}d`;
    case 'string': return JSON.stringify(literal.value);
    case 'bytes': return `b'${literal.value.toHex()}'`;
    default: return String(literal.value);
  }
}

const all = (expressions: readonly Expression[]): string => expressions.map(describeExpression).join(', ');
const optional = (isOptional: boolean): string => (isOptional ? '?' : '');

function describeNode(node: Expression): string {
  switch (node.kind) {
    case 'literal': return describeLiteral(node.literal);
    case 'identifier': return node.name;
    case 'select': return `${describeExpression(node.operand)} ${node.isTest ? 'has ' : ''}.${node.field}`;
    case 'call': return `${node.target === undefined ? '' : `${describeExpression(node.target)} -> `}${node.name}(${all(node.args)})`;
    case 'list': return `[${node.elements.map((element, index) => optional(node.optionalIndices.includes(index)) + describeExpression(element)).join(', ')}]`;
    case 'map': return `{${node.entries.map(({ id, offset, key, value, isOptional }) => `#${String(id)}@${String(offset)} ${optional(isOptional)}${describeExpression(key)}: ${describeExpression(value)}`).join(', ')}}`;
    case 'struct': return `${node.typeName}{${node.fields.map(({ id, offset, name, value, isOptional }) => `#${String(id)}@${String(offset)} ${optional(isOptional)}${name}: ${describeExpression(value)}`).join(', ')}}`;
    case 'comprehension': {
      const variables = node.secondVariable === undefined ? node.variable : `${node.variable}, ${node.secondVariable}`;
      return `for(${variables} in ${describeExpression(node.range)}; ${node.accumulator} = ${all([node.initial, node.condition, node.step, node.result])})`;
    }
  }
}

/** `name#id@offset`, with the parts of a node in front of its own number. */
export function describeExpression(node: Expression): string {
  return `${describeNode(node)}#${String(node.id)}@${String(node.offset)}`;
}
