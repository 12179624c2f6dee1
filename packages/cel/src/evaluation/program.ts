/** Expressions made ready to run, and run. */
import type { Checked } from '../check.ts';
import type { Environment } from '../environment.ts';
import type { CallExpression, ComprehensionExpression, Expression, ListExpression, MapExpression, SelectExpression } from '../expression.ts';
import { type Activation, type Attribute, resolve, type Step } from './attributes.ts';
import { alternativeStep, callStep, membershipStep } from './calls.ts';
import { implementationOf, isDispatched } from './dispatch.ts';
import { Run, Stopped, unhashable } from './run.ts';
import { EntryMap, Failure, goTypeOf, isMap, ListValue, noSuchOverload, Optional, TypeValue, Uint, type Value } from './value.ts';
import { valueOf } from './value-conversions.ts';
import { valueText } from './value-text.ts';

export interface Evaluation {
  /** What the expression gave, or a failure. */
  readonly value: Value;
  readonly cost: number;
}

/** A checked expression that can be run any number of times. */
export class Program {
  readonly #step: Step;

  constructor(checked: Checked, environment: Environment) {
    this.#step = new Planner(checked, environment).plan(checked.expression).step;
  }

  /** A run that costs more than `limit` fails. */
  run(activation: Activation, limit = perCallLimit): Evaluation {
    const run = new Run(limit);
    try {
      return { value: this.#step(run, activation), cost: run.cost };
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      return { value: new Failure(error.message), cost: run.cost };
    }
  }
}

/** A part of a program. Constants cost nothing; attributes take what is selected of them into themselves. */
interface Part {
  readonly step: Step;
  readonly constant?: Value;
  readonly attribute?: Attribute;
}

/** What one expression may cost where nothing else is told. */
const perCallLimit = 1_000_000;

const constant = (value: Value): Part => ({ constant: value, step: () => value });

const attributePart = (attribute: Attribute): Part => ({
  attribute,
  step(run, scope) {
    const value = resolve(run, scope, attribute);
    if (attribute.isChoice !== true) run.add(1);
    return value;
  },
});

const listCost = 10;
const mapCost = 30;

/** Whether all items are of types that are looked up as they are. */
const isSimpleList = (list: ListValue): boolean => list.values().every((item) => ['bigint', 'boolean', 'number', 'string'].includes(typeof item) || item instanceof Uint);

const conversionNames: ReadonlySet<string> = new Set(['bool', 'bytes', 'double', 'duration', 'int', 'string', 'timestamp', 'uint', 'type', 'dyn']);
const patternNames: ReadonlySet<string> = new Set(['matches', 'find', 'findAll']);

class Planner {
  readonly #checked: Checked;
  readonly #environment: Environment;

  constructor(checked: Checked, environment: Environment) {
    this.#checked = checked;
    this.#environment = environment;
  }

  plan(expression: Expression): Part {
    switch (expression.kind) {
      case 'literal': return constant(valueOf(expression.literal));
      case 'identifier': return this.#identifier(expression.name, expression.id);
      case 'select': return this.#select(expression);
      case 'call': return this.#call(expression);
      case 'list': return this.#list(expression);
      case 'map': return this.#map(expression);
      // Objects are made by mutations only, which nobody runs yet.
      case 'struct': return constant(new Failure(`unknown type: ${expression.typeName}`));
      case 'comprehension': return this.#comprehension(expression);
    }
  }

  #identifier(name: string, id: number): Part {
    const known = this.#environment.constant(name);
    if (known !== undefined) return constant(known);
    if (this.#checked.types.get(id)?.kind === 'type') return constant(new TypeValue(this.#environment.runtimeType(name) ?? name));
    const unknown = new Failure(`no such attribute(s): ${name}`);
    return attributePart({ qualifiers: [], root(_, scope) {
      const value = scope(name);
      return value === undefined ? unknown : value;
    } });
  }

  #attribute(expression: Expression): Attribute {
    const part = this.plan(expression);
    return part.attribute ?? { root: part.step, qualifiers: [] };
  }

  #select({ operand, field, isTest }: SelectExpression): Part {
    const { root, qualifiers, isChoice } = this.#attribute(operand);
    const attribute = { root, isChoice, qualifiers: [...qualifiers, { key: () => field, isOptional: false, isTest }] };
    if (!isTest) return attributePart(attribute);
    return {
      attribute,
      step(run, scope) {
        const found = resolve(run, scope, attribute);
        return found instanceof Optional ? found.value !== undefined : found;
      },
    };
  }

  #call(expression: CallExpression): Part {
    const { name, target, args } = expression;
    switch (name) {
      case '_[_]': return this.#index(args, false);
      case '_[?_]': case '_?._': return this.#index(args, true);
      case '_&&_': return this.#logical(args, false);
      case '_||_': return this.#logical(args, true);
      case '_?_:_': return this.#conditional(args);
      default: break;
    }
    const parts = (target === undefined ? args : [target, ...args]).map((arg) => this.plan(arg));
    const ids = this.#checked.overloads.get(expression.id) ?? [];
    const overload = ids.length === 1 ? ids[0] ?? '' : '';
    const [first, second] = parts;
    if (first !== undefined && second?.constant instanceof ListValue && overload === 'in_list' && isSimpleList(second.constant)) return second.constant.size === 0 ? constant(false) : { step: membershipStep(first.step, second.constant) };
    if (first !== undefined && second !== undefined && overload.startsWith('optional_or')) return { step: alternativeStep(first.step, second.step, overload === 'optional_or_optional') };
    const hasPattern = patternNames.has(name) && typeof second?.constant === 'string';
    const implementation = implementationOf(name, hasPattern ? 'any' : ids, this.#environment);
    // Conversions of what is known are made beforehand; those that fail were refused when it was compiled.
    if (conversionNames.has(name) && parts.length === 1 && first?.constant !== undefined) return constant(implementation([first.constant], overload));
    const stopsAtFailure = parts.length > 2 || isDispatched(name, ids) || overload === 'string_format' || hasPattern;
    return { step: callStep({ name, overload, args: parts.map(({ step }) => step), implementation, stopsAtFailure }) };
  }

  #index([operand, key]: readonly Expression[], isOptional: boolean): Part {
    if (operand === undefined || key === undefined) return constant(noSuchOverload);
    const { root, qualifiers, isChoice } = this.#attribute(operand);
    const { attribute, step } = this.plan(key);
    const find: Step = attribute === undefined ? step : (run, scope) => resolve(run, scope, attribute);
    return attributePart({ root, isChoice, qualifiers: [...qualifiers, { key: find, isOptional }] });
  }

  /** `&&` and `||`: a side that decides makes up for failures of the others. */
  #logical(args: readonly Expression[], decisive: boolean): Part {
    const steps = args.map((arg) => this.plan(arg).step);
    return {
      step(run, scope) {
        let failure: Failure | undefined;
        for (const step of steps) {
          const value = step(run, scope);
          if (value === decisive) return decisive;
          if (typeof value !== 'boolean') failure ??= value instanceof Failure ? value : noSuchOverload;
        }
        return failure ?? !decisive;
      },
    };
  }

  /** Kubernetes: what is selected of a choice is selected of the side that is chosen, which costs nothing by itself. */
  #conditional([condition, yes, no]: readonly Expression[]): Part {
    if (condition === undefined || yes === undefined || no === undefined) return constant(noSuchOverload);
    const test = this.plan(condition).step;
    const [first, second] = [this.#attribute(yes), this.#attribute(no)];
    const root: Step = (run, scope) => {
      const chosen = test(run, scope);
      if (chosen instanceof Failure) return chosen;
      return typeof chosen === 'boolean' ? resolve(run, scope, chosen ? first : second) : noSuchOverload;
    };
    return { step: root, attribute: { root, qualifiers: [], isChoice: true } };
  }

  #list({ elements, optionalIndices }: ListExpression): Part {
    const parts = elements.map((element) => this.plan(element));
    const known = parts.flatMap((part) => (part.constant === undefined ? [] : [part.constant]));
    if (optionalIndices.length === 0 && known.length === parts.length) return constant(ListValue.of(known));
    const build: Step = (run, scope) => {
      const items: Value[] = [];
      for (const [index, part] of parts.entries()) {
        const item = part.step(run, scope);
        if (item instanceof Failure) return item;
        if (!optionalIndices.includes(index)) items.push(item);
        else if (!(item instanceof Optional)) return new Failure(`cannot initialize optional list element from non-optional value ${valueText(item)}`);
        else if (item.value !== undefined) items.push(item.value);
      }
      return ListValue.of(items);
    };
    return { step: charged(build, listCost) };
  }

  #map({ entries }: MapExpression): Part {
    const parts = entries.map(({ key, value, isOptional }) => ({ key: this.plan(key), value: this.plan(value), isOptional }));
    const known = parts.flatMap(({ key, value, isOptional }) => (key.constant === undefined || value.constant === undefined || isOptional ? [] : [[key.constant, value.constant] as const]));
    if (known.length === parts.length) return constant(new EntryMap(known));
    const build: Step = (run, scope) => {
      const made: (readonly [Value, Value])[] = [];
      for (const { key, value, isOptional } of parts) {
        const at = key.step(run, scope);
        const item = at instanceof Failure ? at : value.step(run, scope);
        if (item instanceof Failure) return item;
        if (at instanceof Uint8Array) throw unhashable();
        if (!isOptional) made.push([at, item]);
        else if (!(item instanceof Optional)) return new Failure(`cannot initialize optional entry '${valueText(at)}' from non-optional value ${valueText(item)}`);
        else if (item.value !== undefined) made.push([at, item.value]);
      }
      return new EntryMap(made);
    };
    return { step: charged(build, mapCost) };
  }

  #comprehension(expression: ComprehensionExpression): Part {
    const { accumulator, variable, secondVariable } = expression;
    const [range, initial, condition, step, result] = ([expression.range, expression.initial, expression.condition, expression.step, expression.result] as const).map((part) => this.plan(part).step);
    if (range === undefined || initial === undefined || condition === undefined || step === undefined || result === undefined) return constant(noSuchOverload);
    return {
      step(run, scope) {
        const over = range(run, scope);
        if (over instanceof Failure) return over;
        const pairs = pairsOf(over, secondVariable !== undefined);
        if (pairs instanceof Failure) return pairs;
        // What is never asked for is not worked out.
        let collected: Value | undefined;
        const soFar = (): Value => (collected === undefined ? (collected = initial(run, scope)) : collected);
        for (const [first, second] of pairs) {
          const inner: Activation = (name) => (name === accumulator ? soFar() : name === variable ? first : name === secondVariable ? second : scope(name));
          if (condition(run, inner) === false) break;
          collected = step(run, inner);
        }
        return result(run, (name) => (name === accumulator ? soFar() : scope(name)));
      },
    };
  }
}

const charged = (build: Step, cost: number): Step => (run, scope) => {
  const value = build(run, scope);
  run.add(cost);
  return value;
};

function pairsOf(over: Value, areTwo: boolean): readonly (readonly [Value, Value])[] | Failure {
  if (over instanceof ListValue) return over.values().map((item, index) => (areTwo ? [BigInt(index), item] : [item, null]));
  if (isMap(over)) return over.keys().map((key) => [key, areTwo ? over.find(key) ?? null : null]);
  return new Failure(areTwo ? `unsupported comprehension range type: ${goTypeOf(over)}` : `got '${goTypeOf(over)}', expected iterable type`);
}
