/**
 * What evaluating an expression may cost at most, estimated from the sizes that are declared. The rules are those of the language's own estimator,
 * and its figures decide which expressions the API accepts.
 */
import type { Checked } from '../check.ts';
import type { CallExpression, ComprehensionExpression, Expression, ListExpression, MapExpression, SelectExpression } from '../expression.ts';
import { dynType, isOptional, parameter, type Type } from '../type.ts';
import { extensionCost, libraryCost, listCost, patternCost, traversal } from './call-cost.ts';
import { exactly, most, nothing, one, plus, range, scaled, sum, times, union, unknown, wrapped, type Range } from './range.ts';
import type { CallCost, CostedCall, Path, Sized, SizeOf } from './sizes.ts';

export interface CostDeclarations {
  readonly sizeOf: SizeOf;
  /** The cost of functions that only this kind of expression has. */
  callCost?(call: CostedCall): CallCost | undefined;
}

export function estimateCost(checked: Checked, declarations: CostDeclarations): Range {
  return new Estimator(checked, declarations).cost(checked.expression);
}

const mapCost = exactly(30n);
const structCost = exactly(40n);

/** Sizes of what a list or a map holds. */
interface EntrySizes {
  readonly kind: 'list' | 'map';
  readonly key: Range;
  readonly value: Range;
}

/** A variable of a macro. */
interface Local {
  readonly path: Path | undefined;
  readonly size: Range | undefined;
  readonly entries: EntrySizes | undefined;
}

const accumulators: ReadonlySet<string> = new Set(['__result__', '@result']);

class Estimator {
  readonly #checked: Checked;
  readonly #declarations: CostDeclarations;
  readonly #paths = new Map<number, Path>();
  readonly #locals = new Map<string, Local[]>();
  readonly #sizes = new Map<number, Range>();
  readonly #entries = new Map<number, EntrySizes>();

  constructor(checked: Checked, declarations: CostDeclarations) {
    this.#checked = checked;
    this.#declarations = declarations;
  }

  cost(expression: Expression): Range {
    switch (expression.kind) {
      case 'literal': return nothing;
      case 'identifier':
        this.#paths.set(expression.id, this.#local(expression.name)?.path ?? (this.#local(expression.name) === undefined ? [expression.name] : []));
        return one;
      case 'select': return this.#select(expression);
      case 'call': return this.#call(expression);
      case 'list': return this.#list(expression);
      case 'map': return this.#map(expression);
      case 'struct': return plus(sum(expression.fields.map(({ value }) => this.cost(value))), structCost);
      case 'comprehension': return isBinding(expression) ? this.#binding(expression) : this.#comprehension(expression);
    }
  }

  #typeOf({ id }: Expression): Type {
    return this.#checked.types.get(id) ?? dynType;
  }

  #local(name: string): Local | undefined {
    return this.#locals.get(name)?.at(-1);
  }

  #push(name: string, local: Local): void {
    const stack = this.#locals.get(name);
    if (stack === undefined) this.#locals.set(name, [local]);
    else stack.push(local);
  }

  #pop(name: string): void {
    this.#locals.get(name)?.pop();
  }

  #pathOf(expression: Expression): Path | undefined {
    const local = expression.kind === 'identifier' ? this.#local(expression.name) : undefined;
    return local === undefined ? this.#paths.get(expression.id) : local.path;
  }

  #sized(expression: Expression): Sized {
    const path = this.#pathOf(expression);
    const [root] = path ?? [];
    const isInner = root === undefined || accumulators.has(root);
    return { path: isInner ? undefined : path, type: this.#typeOf(expression), expression, size: this.#size(expression) };
  }

  #size(expression: Expression): Range | undefined {
    const known = this.#sizes.get(expression.id) ?? literalSize(expression);
    if (known !== undefined) return known;
    const path = this.#pathOf(expression);
    const declared = path === undefined ? undefined : this.#declarations.sizeOf(path);
    if (declared !== undefined) {
      const size = range(0n, declared);
      this.#sizes.set(expression.id, size);
      return size;
    }
    if (isScalar(this.#typeOf(expression))) return one;
    return expression.kind === 'identifier' ? this.#local(expression.name)?.size : undefined;
  }

  #entriesOf(expression: Expression): EntrySizes | undefined {
    return this.#entries.get(expression.id) ?? (expression.kind === 'identifier' ? this.#local(expression.name)?.entries : undefined);
  }

  #keepSize(expression: Expression, size: Range | undefined): void {
    if (size !== undefined) this.#sizes.set(expression.id, size);
  }

  #keepEntries(expression: Expression, entries: EntrySizes | undefined): void {
    if (entries !== undefined) this.#entries.set(expression.id, entries);
  }

  #select(expression: SelectExpression): Range {
    const operand = this.cost(expression.operand);
    if (expression.isTest) return operand;
    this.#paths.set(expression.id, [...this.#pathOf(expression.operand) ?? [], expression.field]);
    const { kind } = this.#typeOf(expression.operand);
    return kind === 'map' || kind === 'struct' || kind === 'parameter' ? plus(operand, one) : operand;
  }

  #list(expression: ListExpression): Range {
    const costs: Range[] = [];
    let value = range(expression.elements.length === 0 ? 0n : most, 0n);
    for (const element of expression.elements) {
      costs.push(this.cost(element));
      value = union(value, this.#size(element) ?? unknown);
    }
    this.#entries.set(expression.id, { kind: 'list', key: one, value });
    return plus(sum(costs), listCost);
  }

  #map(expression: MapExpression): Range {
    const costs: Range[] = [];
    const start = range(expression.entries.length === 0 ? 0n : most, 0n);
    let [key, value] = [start, start];
    for (const entry of expression.entries) {
      costs.push(this.cost(entry.key), this.cost(entry.value));
      key = union(key, this.#size(entry.key) ?? unknown);
      value = union(value, this.#size(entry.value) ?? unknown);
    }
    this.#entries.set(expression.id, { kind: 'map', key, value });
    return plus(sum(costs), mapCost);
  }

  #call(expression: CallExpression): Range {
    const [first] = expression.args;
    if (expression.name === 'dyn' && first !== undefined) {
      const cost = this.cost(first);
      this.#keepSize(expression, this.#size(first));
      this.#keepEntries(expression, this.#entriesOf(first));
      return plus(one, cost);
    }
    const costs: Range[] = [];
    const args = expression.args.map((arg) => {
      costs.push(this.cost(arg));
      return this.#sized(arg);
    });
    const targetCost = expression.target === undefined ? nothing : this.cost(expression.target);
    const target = expression.target === undefined ? undefined : this.#sized(expression.target);
    let total = range(most, 0n);
    let size: Range | undefined;
    for (const overload of this.#checked.overloads.get(expression.id) ?? []) {
      const estimate = this.#overload(expression, { name: expression.name, overload, target, args }, costs);
      total = union(total, estimate.cost);
      if (estimate.size !== undefined) size = size === undefined ? estimate.size : union(size, estimate.size);
      if (first !== undefined && (overload === 'index_list' || overload === 'index_map')) {
        size = this.#entriesOf(first)?.value;
        this.#paths.set(expression.id, [...this.#pathOf(first) ?? [], overload === 'index_list' ? '@items' : '@values']);
      }
      size ??= this.#size(expression);
    }
    this.#keepSize(expression, size);
    return plus(targetCost, total);
  }

  #overload(expression: CallExpression, call: CostedCall, costs: readonly Range[]): CallCost {
    const special = extensionCost(call, this.#declarations.sizeOf) ?? this.#declarations.callCost?.(call) ?? libraryCost(call, this.#declarations.sizeOf);
    if (special !== undefined) return withCost(special, plus(special.cost, sum(costs)));
    const standard = this.#standardCost(expression, call, costs);
    return standard ?? { cost: plus(one, sum(costs)) };
  }

  /** The language's own functions whose costs are not simply one. */
  #standardCost(expression: CallExpression, { overload, target, args }: CostedCall, costs: readonly Range[]): CallCost | undefined {
    const [first, second] = args;
    const all = sum(costs);
    const sizeOf = (value: Sized): Range => value.size ?? unknown;
    switch (overload) {
      case 'string_format': return target === undefined ? undefined : { cost: plus(scaled(sizeOf(target), traversal), all) };
      case 'string_to_bytes': return first === undefined ? undefined : { cost: plus(scaled(sizeOf(first), traversal), all), size: range(sizeOf(first).min, wrapped(sizeOf(first).max * 4n)) };
      case 'bytes_to_string': return first === undefined ? undefined : { cost: plus(scaled(sizeOf(first), traversal), all), size: range(sizeOf(first).min / 4n, sizeOf(first).max) };
      case 'strings_quote': return first === undefined ? undefined : { cost: plus(scaled(sizeOf(first), traversal), all), size: range(wrapped(sizeOf(first).min + 2n), wrapped(sizeOf(first).max * 2n + 2n)) };
      case 'starts_with_string': case 'ends_with_string': return first === undefined ? undefined : { cost: plus(scaled(sizeOf(first), traversal), all) };
      case 'in_list': return second === undefined ? undefined : { cost: plus(scaled(sizeOf(second), 1), all) };
      case 'matches_string': return target === undefined || first === undefined ? undefined : { cost: plus(patternCost(sizeOf(target), sizeOf(first)), all) };
      case 'contains_string': return target === undefined || first === undefined ? undefined : { cost: plus(times(scaled(sizeOf(target), traversal), scaled(sizeOf(first), traversal)), all) };
      case 'logical_or': case 'logical_and': return { cost: range(costs[0]?.min ?? 0n, plus(costs[0] ?? nothing, costs[1] ?? nothing).max) };
      case 'conditional': return this.#conditionalCost(expression, args, costs);
      case 'add_string': case 'add_bytes': case 'add_list': return this.#additionCost(expression, overload, args, all);
      case 'equals': case 'not_equals': return comparisonCost(args, all);
      default: return /^(less|greater)(_equals)?_(string|bytes)$/.test(overload) ? comparisonCost(args, all) : undefined;
    }
  }

  #conditionalCost(expression: CallExpression, [, yes, no]: readonly Sized[], [condition = nothing, yesCost = nothing, noCost = nothing]: readonly Range[]): CallCost {
    this.#keepEntries(expression, unionOfEntries(this.#entriesAt(yes), this.#entriesAt(no)));
    return { cost: plus(condition, union(yesCost, noCost)), size: union(yes?.size ?? unknown, no?.size ?? unknown) };
  }

  #additionCost(expression: CallExpression, overload: string, [left, right]: readonly Sized[], costs: Range): CallCost {
    const size = plus(left?.size ?? unknown, right?.size ?? unknown);
    this.#keepEntries(expression, unionOfEntries(this.#entriesAt(left), this.#entriesAt(right)));
    return { cost: plus(overload === 'add_list' ? one : scaled(size, traversal), costs), size };
  }

  #entriesAt(sized: Sized | undefined): EntrySizes | undefined {
    return sized?.expression === undefined ? undefined : this.#entriesOf(sized.expression);
  }

  #comprehension(expression: ComprehensionExpression): Range {
    const start = plus(this.cost(expression.range), this.cost(expression.initial));
    this.#pushValue(expression.accumulator, expression.initial);
    this.#pushLoop(expression);
    const conditionCost = this.cost(expression.condition);
    const stepCost = this.cost(expression.step);
    this.#pop(expression.variable);
    if (expression.secondVariable !== undefined) this.#pop(expression.secondVariable);
    const resultCost = this.cost(expression.result);
    this.#pop(expression.accumulator);
    const count = this.#size(expression.range) ?? unknown;
    if (expression.initial.kind === 'literal') this.#keepSize(expression, this.#size(expression.initial));
    else if (expression.initial.kind === 'list' || expression.initial.kind === 'map') {
      this.#keepSize(expression, count);
      this.#keepEntries(expression, this.#entriesOf(expression.step));
    }
    return plus(plus(start, resultCost), times(count, plus(stepCost, conditionCost)));
  }

  #pushLoop({ range: over, variable, secondVariable }: ComprehensionExpression): void {
    const entries = this.#entriesOf(over);
    const isList = (entries?.kind ?? this.#typeOf(over).kind) === 'list';
    const local = (part: string, size: Range | undefined): Local => ({ path: [...this.#pathOf(over) ?? [], part], size, entries: undefined });
    if (secondVariable === undefined) {
      this.#push(variable, isList ? local('@items', entries?.value) : local('@keys', entries?.key));
      return;
    }
    this.#push(variable, local(isList ? '@indices' : '@keys', entries?.key));
    this.#push(secondVariable, local(isList ? '@items' : '@values', entries?.value));
  }

  #pushValue(name: string, value: Expression): void {
    this.#push(name, { path: this.#pathOf(value), entries: this.#entriesOf(value), size: this.#size(value) });
  }

  /** `cel.bind(name, value, result)`: the value is worked out once. */
  #binding(expression: ComprehensionExpression): Range {
    const start = plus(this.cost(expression.range), this.cost(expression.initial));
    this.#pushValue(expression.accumulator, expression.initial);
    const total = plus(start, this.cost(expression.result));
    this.#pop(expression.accumulator);
    this.#keepSize(expression, this.#size(expression.result));
    this.#keepEntries(expression, this.#entriesOf(expression.result));
    return total;
  }
}

const withCost = ({ size }: CallCost, cost: Range): CallCost => (size === undefined ? { cost } : { cost, size });

function isBinding({ range: over, condition, accumulator }: ComprehensionExpression): boolean {
  return over.kind === 'list' && over.elements.length === 0 && condition.kind === 'literal' && condition.literal.type === 'bool' && !condition.literal.value && accumulator !== '__result__';
}

function comparisonCost([left, right]: readonly Sized[], costs: Range): CallCost {
  const [leftMost, rightMost] = [left?.size?.max ?? most, right?.size?.max ?? most];
  const smallest = rightMost < leftMost ? rightMost : leftMost;
  return { cost: plus(scaled(range(smallest > 0n ? 1n : 0n, smallest), traversal), costs) };
}

const unionOfEntries = (left: EntrySizes | undefined, right: EntrySizes | undefined): EntrySizes | undefined =>
  (left === undefined || right === undefined ? undefined : { kind: left.kind, key: union(left.key, right.key), value: union(left.value, right.value) });

function literalSize(expression: Expression): Range | undefined {
  switch (expression.kind) {
    case 'literal': {
      const { literal } = expression;
      if (literal.type === 'string') return exactly(BigInt([...literal.value].length));
      return literal.type === 'bytes' ? exactly(BigInt(literal.value.length)) : one;
    }
    case 'list': return exactly(BigInt(expression.elements.length));
    case 'map': return exactly(BigInt(expression.entries.length));
    default: return undefined;
  }
}

function isScalar(type: Type): boolean {
  switch (type.kind) {
    case 'bool': case 'double': case 'duration': case 'int': case 'timestamp': case 'uint': return true;
    default: return isOptional(type) && isScalar(parameter(type, 0));
  }
}
