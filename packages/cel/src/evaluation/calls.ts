/** Calls: which of their arguments are worked out, what they cost, and those that run otherwise than others. */
import type { Step } from './attributes.ts';
import { callCost, costsByResult } from './call-cost.ts';
import type { Implementation } from './functions.ts';
import { Stopped } from './run.ts';
import { areEqual, Failure, goTypeOf, isMap, ListValue, Optional, type Value } from './value.ts';

export interface Call {
  readonly name: string;
  /** Empty where it may be one of several. */
  readonly overload: string;
  readonly args: readonly Step[];
  readonly implementation: Implementation;
  /** Whether arguments after a failure are not worked out, and the call then costs nothing. */
  readonly stopsAtFailure: boolean;
}

export function callStep({ name, overload, args: steps, implementation, stopsAtFailure }: Call): Step {
  const isPaidAfter = costsByResult(name, overload);
  const isStrict = name !== '@not_strictly_false';
  return (run, scope) => {
    const args: Value[] = [];
    let failure: Failure | undefined;
    for (const [index, step] of steps.entries()) {
      const value = step(run, scope);
      if (isStrict && value instanceof Failure) {
        if (stopsAtFailure && index < steps.length - 1) return value;
        failure ??= value;
      }
      args.push(value);
    }
    checkCountable(overload, args);
    if (!isPaidAfter) run.add(callCost(name, overload, args));
    const result = failure ?? implementation(args, overload);
    if (isPaidAfter) run.add(callCost(name, overload, args, result));
    return result;
  };
}

const canBeAdded = (value: Value): boolean => /^types\.(?:Bytes|Double|Duration|Int|String|Timestamp|Uint)$/.test(goTypeOf(value));

/** Kubernetes: the cost of these can be told of lists only, and anything else ends the run. */
function checkCountable(overload: string, args: readonly Value[]): void {
  const counted = overload === 'list_distinct' || /^list_.*_sort$/.test(overload) ? args[0] : overload.endsWith('_sortByAssociatedKeys') ? args[1] : undefined;
  if (counted !== undefined && !(counted instanceof ListValue)) throw new Stopped(`internal error: interface conversion: ${isMap(counted) ? '*types.baseMap' : goTypeOf(counted)} is not traits.Lister: missing method ${canBeAdded(counted) ? 'Contains' : 'Add'}`);
  const depth = args[1] ?? null;
  if (overload === 'list_flatten_int' && typeof depth !== 'bigint') throw new Stopped(`internal error: interface conversion: ref.Val is ${goTypeOf(depth)}, not types.Int`);
}

/** `item in [1, 2]`: a search in a list that is known costs no look at each item. */
export const membershipStep = (item: Step, list: ListValue): Step => (run, scope) => {
  const value = item(run, scope);
  return value instanceof Failure ? value : list.values().some((other) => areEqual(value, other));
};

/** `optional.or(other)` and `orValue`: the other side runs only where it is needed. Kubernetes: what is no optional is what it is. */
export const alternativeStep = (first: Step, second: Step, isWhole: boolean): Step => (run, scope) => {
  const value = first(run, scope);
  if (!(value instanceof Optional)) return value;
  return value.value === undefined ? second(run, scope) : isWhole ? value : value.value;
};
