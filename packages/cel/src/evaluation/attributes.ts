/** What is selected of a value: `a.b[0].?c`. Each step costs 1, and what there is at the end 1 more. */
import type { Run } from './run.ts';
import { Failure, goTypeOf, isAdded, isMap, ListValue, none, Optional, toValue, typeNameOf, TypeValue, Uint, type Value } from './value.ts';
import { valueText } from './value-text.ts';

/** The values of variables, by name. */
export type Activation = (name: string) => Value | undefined;

export type Step = (run: Run, scope: Activation) => Value;

export interface Attribute {
  /** What is selected from. Costs of its own are counted by it. */
  readonly root: Step;
  readonly qualifiers: readonly Qualifier[];
  /** Whether it is one side of a choice, which costs nothing by itself. */
  readonly isChoice?: boolean | undefined;
}

export interface Qualifier {
  readonly key: Step;
  readonly isOptional: boolean;
  /** Whether only its presence is asked for. */
  readonly isTest?: boolean;
}

export function resolve(run: Run, scope: Activation, { root, qualifiers }: Attribute): Value {
  let value = root(run, scope);
  if (value instanceof Failure) return value;
  let isOptional = value instanceof Optional;
  if (value instanceof Optional) {
    if (value.value === undefined) return none;
    value = opened(value.value);
  }
  for (const qualifier of qualifiers) {
    isOptional ||= qualifier.isOptional;
    const key = qualifier.key(run, scope);
    const found: Value | undefined = key instanceof Failure ? key : lookUp(value, key);
    if (isOptional && found === undefined) return none;
    if (isOptional && found instanceof Failure) return found;
    run.add(1);
    if (found instanceof Failure) return found;
    if (qualifier.isTest === true && !isOptional) value = found !== undefined;
    else if (found === undefined) return missing(value, key);
    else value = found;
  }
  return isOptional ? new Optional(value) : value;
}

/** Kubernetes: an optional within an optional is opened, too; nothing is null, a type its name, data is seen without its schema, and what the language does not know is lost. */
function opened(value: Value): Value {
  if (value instanceof Optional) return value.value === undefined ? null : opened(value.value);
  if (value instanceof TypeValue) return value.name;
  if ((value instanceof ListValue || isMap(value)) && value.data !== undefined) return toValue(value.data);
  return isAdded(value) && value.native !== undefined ? new Failure(`unsupported conversion to ref.Val: ${value.native}`) : value;
}

const missing = (value: Value, key: Value): Failure => new Failure(`${value instanceof ListValue ? 'index out of bounds' : 'no such key'}: ${valueText(key)}`);

/** What stands at a key; undefined if nothing does. */
function lookUp(value: Value, key: Value): Value | undefined {
  if (!isKey(key)) return new Failure(`invalid qualifier type: ${key === null ? '<nil>' : goTypeOf(key)}`);
  if (value instanceof Failure) return value;
  if (isMap(value)) return value.find(key);
  if (!(value instanceof ListValue)) return undefined;
  const number = key instanceof Uint ? key.value : key;
  if (typeof number !== 'bigint' && typeof number !== 'number') return new Failure(`unsupported index type '${typeNameOf(key)}' in list`);
  if (typeof number === 'number' && (!Number.isInteger(number) || Math.abs(number) >= 2 ** 63)) return new Failure(`unsupported index value ${valueText(number)} in list`);
  return number < 0 || number >= value.size ? undefined : value.at(Number(number));
}

const isKey = (key: Value): boolean => typeof key === 'string' || typeof key === 'bigint' || typeof key === 'number' || typeof key === 'boolean' || key instanceof Uint;
