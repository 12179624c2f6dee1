/** What the selectors of devices may name, and what they may cost. */
import type { Checked } from '../check.ts';
import { estimateCost } from '../cost/estimate.ts';
import type { Path } from '../cost/sizes.ts';
import type { Library } from '../declarations/library.ts';
import type { Environment } from '../environment.ts';
import { bindMacros } from '../library-macros.ts';
import { objectType } from '../type.ts';
import { baseEnvironment, type Age } from './base.ts';
import { declaredTypes } from './declared-objects.ts';

const deviceType = 'kubernetes.DRADevice';

/** Kubernetes: behind a gate that is closed, so that only what is stored already may call it. */
const listAttributes: Library = { since: 36, functions: 'includes: dra_includes_dyn_dyn dyn.(dyn) bool' };

const deviceTypes = declaredTypes({ [deviceType]: 'driver string; allowMultipleAllocations bool; attributes map(string, map(string, any)); capacity map(string, map(string, Quantity))' });

const extended = (age: Age, libraries: readonly Library[]): Environment => baseEnvironment(age).extend({ macros: bindMacros, types: deviceTypes, variables: { device: objectType(deviceType) }, libraries });
const environments: Readonly<Record<Age, Environment>> = { new: extended('new', []), stored: extended('stored', [listAttributes]) };

export const deviceEnvironment = (age: Age): Environment => environments[age];

/** A value of a device, with the largest size that the API lets it have: of a text its length, of a map its entries. */
interface Declared {
  readonly most: bigint;
  readonly fields?: Readonly<Record<string, Declared>>;
  readonly keys?: Declared;
  readonly values?: Declared;
  /** Whether any name may follow a value: attributes are selected by their names. */
  readonly isOpen?: boolean;
}

const text = (most: bigint): Declared => ({ most });
const identifier = text(32n);
const domain = text(63n);
const mostEntries = 32n;
const mostListed = 48n;
const byDomain = (inner: Declared): Declared => ({ most: mostEntries, keys: domain, values: inner });

const device: Declared = {
  most: 0n,
  fields: {
    driver: text(63n), allowMultipleAllocations: text(1n),
    attributes: byDomain({ most: mostEntries, keys: identifier, values: text(64n), isOpen: true }),
    capacity: byDomain({ most: mostEntries, keys: identifier, values: text(0n) }),
  },
};

function sizeOf([root, ...path]: Path): bigint | undefined {
  let at: Declared | undefined = root === 'device' ? device : undefined;
  for (const part of path) at = at === undefined ? undefined : within(at, part);
  return at?.most;
}

function within({ fields, keys, values, isOpen }: Declared, part: string): Declared | undefined {
  if (part === '@items' || part === '@values') return values;
  if (part === '@keys') return keys;
  return fields !== undefined && Object.hasOwn(fields, part) ? fields[part] : isOpen === true ? values : undefined;
}

/** The most that a selector may cost. */
export const selectorCost = (checked: Checked): bigint => estimateCost(checked, {
  sizeOf: (path) => sizeOf(path),
  callCost: ({ overload }) => (overload === 'dra_includes_dyn_dyn' ? { cost: { min: 0n, max: mostListed } } : undefined),
}).max;
