/** Amounts by the name of the resource, as quotas and limits have them. Pure; no list given is ever changed. */
import { addQuantities, compareQuantities, formatQuantity, parseQuantity, type Quantity, subtractQuantities } from '@kaji/schema';

export type Amounts = Readonly<Record<string, string>>;

/** Every name of both; common ones are added. */
export function addAmounts(left: Amounts, right: Amounts): Amounts {
  const sum: Record<string, string> = { ...left };
  for (const [name, amount] of Object.entries(right)) sum[name] = sum[name] === undefined ? amount : addQuantities(sum[name], amount);
  return sum;
}

/** As adding one after the other does, for many. */
export function sumAmounts(all: Iterable<Amounts>): Amounts {
  const totals = new Map<string, Quantity>();
  for (const amounts of all) {
    for (const [name, amount] of Object.entries(amounts)) {
      const [total, more] = [totals.get(name), parseQuantity(amount)];
      totals.set(name, total === undefined ? more : { nano: total.nano + more.nano, format: total.nano === 0n ? more.format : total.format });
    }
  }
  return Object.fromEntries([...totals].map(([name, total]) => [name, formatQuantity(total)]));
}

/** Every name of both, with the greater amount. */
export function maxAmounts(left: Amounts, right: Amounts): Amounts {
  const most: Record<string, string> = { ...left };
  for (const [name, amount] of Object.entries(right)) if (most[name] === undefined || compareQuantities(amount, most[name]) > 0) most[name] = amount;
  return most;
}

/** What `left` has more than `right`, never less than nothing; every name of both. */
export function subtractAmounts(left: Amounts, right: Amounts): Amounts {
  const difference: Record<string, string> = {};
  for (const [name, amount] of Object.entries(left)) {
    const rest = right[name] === undefined ? amount : subtractQuantities(amount, right[name]);
    difference[name] = compareQuantities(rest, '0') > 0 ? rest : '0';
  }
  for (const name of Object.keys(right)) difference[name] ??= '0';
  return difference;
}

export const onlyNames = (amounts: Amounts, isWanted: (name: string) => boolean): Amounts => Object.fromEntries(Object.entries(amounts).filter(([name]) => isWanted(name)));

export const withoutZeros = (amounts: Amounts): Amounts => Object.fromEntries(Object.entries(amounts).filter(([, amount]) => compareQuantities(amount, '0') !== 0));

export const isSameAmounts = (left: Amounts, right: Amounts): boolean =>
  Object.keys(left).length === Object.keys(right).length && Object.entries(left).every(([name, amount]) => right[name] !== undefined && compareQuantities(amount, right[name]) === 0);
