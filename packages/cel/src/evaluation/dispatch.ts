/** Which values a call takes: those that its overloads declare, as far as they can be told by the first item of a list or map. */
import type { Overload } from '../declarations/signature.ts';
import type { Environment } from '../environment.ts';
import { parameter, type Type } from '../type.ts';
import { functions, type Implementation } from './functions.ts';
import { Failure, isMap, ListValue, typeNameOf, type Value } from './value.ts';

/** Operators and their like look at the values themselves. */
const unguarded: ReadonlySet<string> = new Set([
  '!_', '-_', '_+_', '_-_', '_*_', '_/_', '_%_', '_<_', '_<=_', '_>_', '_>=_', '_==_', '_!=_', '@in', 'size', 'type', 'dyn', 'matches', 'contains', 'startsWith', 'endsWith', 'flatten', 'sort', '@sortByAssociatedKeys',
]);

const numbers = ['double', 'int', 'uint'];
const times = ['google.protobuf.Duration', 'google.protobuf.Timestamp'];
const ordered = new Set(['bool', 'bytes', 'string', ...numbers, ...times]);
const sized = new Set(['bytes', 'list', 'map', 'string']);

/** What some of them take first; of other types they say their own name. */
const firstTypes: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['_+_', new Set(['bytes', 'list', 'string', ...numbers, ...times])], ['_-_', new Set([...numbers, ...times])], ['_*_', new Set(numbers)], ['_/_', new Set(numbers)], ['_%_', new Set(['int', 'uint'])],
  ['-_', new Set(['bool', 'double', 'int', 'google.protobuf.Duration'])], ['_<_', ordered], ['_<=_', ordered], ['_>_', ordered], ['_>=_', ordered], ['size', sized], ['matches', new Set(['string'])],
  ['sort', new Set(['list'])], ['@sortByAssociatedKeys', new Set(['list'])],
]);
/** These answer calls of functions that they do not have by themselves. */
const answering: ReadonlySet<string> = new Set(['string', ...times]);

const openKinds: ReadonlySet<Type['kind']> = new Set(['any', 'dyn', 'parameter']);

function fits(type: Type, value: Value): boolean {
  if (openKinds.has(type.kind)) return true;
  if (type.isNullable && value === null) return true;
  if (type.name !== typeNameOf(value)) return false;
  if (value instanceof ListValue) return value.size === 0 || fits(parameter(type, 0), value.at(0));
  if (!isMap(value)) return true;
  const [first] = value.keys();
  return first === undefined || (fits(parameter(type, 0), first) && fits(parameter(type, 1), value.find(first) ?? null));
}

const takes = ({ args: types }: Overload, args: readonly Value[]): boolean => types.length === args.length && types.every((type, index) => fits(type, args[index] ?? null));

/** Whether a call finds its overload only when it runs. */
export const isDispatched = (name: string, ids: readonly string[]): boolean => ids.length > 1 && !unguarded.has(name);

/** What the call of a function runs. `ids`: the overloads that it may be, as the checker told; of `any` it looks at the values itself. */
export function implementationOf(name: string, ids: readonly string[] | 'any', environment: Environment): Implementation {
  const implementation = functions.get(name);
  if (implementation === undefined) throw new Error(`the function ${name} is declared, but does nothing`);
  if (ids === 'any') return implementation;
  if (unguarded.has(name)) {
    const first = firstTypes.get(name);
    if (first === undefined) return implementation;
    return (args, overload) => {
      const type = typeNameOf(args[0] ?? null);
      return first.has(type) || answering.has(type) ? implementation(args, overload) : new Failure(`no such overload: ${name}`);
    };
  }
  const declared = environment.function(name)?.overloads ?? [];
  const overloads = ids.length === 1 ? declared.filter(({ id }) => id === ids[0]) : declared;
  return (args, overload) => {
    const chosen = overloads.find((each) => takes(each, args));
    return chosen === undefined ? new Failure(`no such overload: ${name}(${args.map(typeNameOf).join(', ')})`) : implementation(args, overload);
  };
}
