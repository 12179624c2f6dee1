/** What a pod asks for and a node has, as numbers: thousandths of a CPU, and whole units of everything else. */
import type { Container, Pod } from '@kaji/api/core/v1';
import { quantityMilliValue, quantityValue } from '@kaji/schema';

export type Amounts = Map<string, number>;
type Quantities = Readonly<Record<string, string>> | undefined;

/** Kubernetes: what a container that asks for nothing counts as when nodes are scored, so that such pods spread, too. */
const assumed: ReadonlyMap<string, number> = new Map([['cpu', 100], ['memory', 200 * 1024 * 1024]]);

export function amountsOf(quantities: Quantities): Amounts {
  const amounts: Amounts = new Map();
  for (const [name, text] of Object.entries(quantities ?? {})) amounts.set(name, Number(name === 'cpu' ? quantityMilliValue(text) : quantityValue(text)));
  return amounts;
}

/** The most a pod needs at any time of its life. */
export const requestsOf = (pod: Pod): Amounts => podAmounts(pod, (container) => amountsOf(container.resources?.requests));

/** The same, with what a container does not ask for assumed: for scores. */
export const scoredRequestsOf = (pod: Pod): Amounts =>
  podAmounts(pod, (container) => {
    const amounts = amountsOf(container.resources?.requests);
    for (const [name, amount] of assumed) if (!amounts.has(name)) amounts.set(name, amount);
    return amounts;
  });

function podAmounts(pod: Pod, of: (container: Container) => Amounts): Amounts {
  const total: Amounts = new Map();
  for (const container of pod.spec.containers) add(total, of(container));
  // Init containers run one after another, beside the sidecars started before them.
  const sidecars: Amounts = new Map();
  const start: Amounts = new Map();
  for (const container of pod.spec.initContainers ?? []) {
    const amounts = of(container);
    if (container.restartPolicy === 'Always') {
      add(total, amounts);
      add(sidecars, amounts);
      raise(start, sidecars);
    } else {
      add(amounts, sidecars);
      raise(start, amounts);
    }
  }
  raise(total, start);
  // Kubernetes: requests of the pod as a whole stand in for those of its containers.
  for (const [name, amount] of amountsOf(pod.spec.resources?.requests)) if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) total.set(name, amount);
  add(total, amountsOf(pod.spec.overhead));
  return total;
}

export function add(to: Amounts, amounts: ReadonlyMap<string, number>, sign: 1 | -1 = 1): void {
  for (const [name, amount] of amounts) to.set(name, (to.get(name) ?? 0) + sign * amount);
}

function raise(to: Amounts, least: ReadonlyMap<string, number>): void {
  for (const [name, amount] of least) to.set(name, Math.max(to.get(name) ?? 0, amount));
}

/** Anything but CPU, memory, storage and pods: devices, huge pages. */
export const isScalar = (name: string): boolean => name !== 'cpu' && name !== 'memory' && name !== 'ephemeral-storage' && name !== 'pods';
