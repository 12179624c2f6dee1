/** What functions do, by their names. Arguments may be of any type: those that an implementation does not take it answers with `noSuchOverload`. */
import { addressFunctions } from './addresses.ts';
import { listFunctions } from './list-functions.ts';
import { formatFunctions } from './named-formats.ts';
import { operators } from './operators.ts';
import { quantityFunctions } from './quantities.ts';
import { format } from './text-format.ts';
import { textFunctions } from './text-functions.ts';
import { timeFunctions } from './time-functions.ts';
import { urlFunctions } from './urls.ts';
import { type ConversionTarget, convertValue } from './value-conversions.ts';
import { noSuchOverload, typeNameOf, TypeValue, type Value } from './value.ts';
import { versionFunctions } from './versions.ts';

/** `overload` is the one that the checker found, empty where it may be one of several. */
export type Implementation = (args: readonly Value[], overload: string) => Value;

const targets: readonly ConversionTarget[] = ['bool', 'bytes', 'double', 'duration', 'int', 'string', 'timestamp', 'uint'];
const conversion = (target: ConversionTarget): Implementation => ([value = null]) => convertValue(value, target);

const add = operators.find(([name]) => name === '_+_')?.[1] ?? ((): Value => noSuchOverload);

/** Each name with what it does. Of several libraries with one name, the first that takes the arguments answers. */
function merged(implementations: Iterable<readonly [string, Implementation]>): ReadonlyMap<string, Implementation> {
  const all = new Map<string, Implementation>();
  for (const [name, implementation] of implementations) {
    const before = all.get(name);
    all.set(name, before === undefined ? implementation : (args, overload) => {
      const result = before(args, overload);
      return result === noSuchOverload ? implementation(args, overload) : result;
    });
  }
  return all;
}

export const functions = merged([
  ...operators, ...textFunctions, ...listFunctions(add), ...timeFunctions, ...quantityFunctions, ...addressFunctions, ...versionFunctions, ...urlFunctions, ...formatFunctions,
  ...targets.map((target) => [target, conversion(target)] as const),
  ['dyn', ([value = null]) => value], ['type', ([value = null]) => new TypeValue(typeNameOf(value))], ['format', format], ['@not_strictly_false', ([value]) => value !== false],
]);
