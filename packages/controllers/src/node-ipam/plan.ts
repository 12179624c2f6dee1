/** Which part of the cluster's pod range each node gets. */

/** Addresses as numbers; IPv4 only. */
export interface PodRange {
  readonly network: number;
  readonly prefix: number;
  /** Prefix of each node's part. */
  readonly nodePrefix: number;
}

export function parsePodRange(cidr: string, nodePrefix: number): PodRange {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr);
  if (match === null) throw new Error(`"${cidr}" is no IPv4 range`);
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if (nodePrefix < prefix || nodePrefix > 32) throw new Error(`a node's part of ${cidr} cannot be a /${nodePrefix}`);
  return { network: (a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) - ((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) % 2 ** (32 - prefix)), prefix, nodePrefix };
}

/** The first part that no node has; undefined when the range is full. */
export function allocate(range: PodRange, taken: ReadonlySet<string>): string | undefined {
  const size = 2 ** (32 - range.nodePrefix);
  for (let index = 0; index < 2 ** (range.nodePrefix - range.prefix); index++) {
    const candidate = `${dotted(range.network + index * size)}/${range.nodePrefix}`;
    if (!taken.has(candidate)) return candidate;
  }
  return undefined;
}

const dotted = (address: number): string => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
