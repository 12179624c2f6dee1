/** The service proxy's rules in a network namespace of our own: how long a thousand services take, and one change among many. */
import { execFileSync } from 'node:child_process';
import type { Service } from '@kaji/api/core/v1';
import type { EndpointSlice } from '@kaji/api/discovery/v1';
import { type Host, realHost } from '@kaji/host';
import { NftablesBackend, proxyConfiguration, type Table, table, TableMemory } from '@kaji/proxy';
import { type Benchmark, ms, type Row } from './report.ts';

const endpointsEach = 10;
const configuration = proxyConfiguration({ clusterCIDR: '10.244.0.0/16' });

/** A cluster's services, whose endpoints can be made to move. */
function clusterOf(count: number): (moved?: number) => Table {
  const memory = new TableMemory();
  const services = Array.from({ length: count }, (_, index) => ({
    metadata: { name: `s${index}`, namespace: 'default' }, spec: { clusterIP: `10.96.${index >> 8}.${index & 255}`, ports: [{ port: 80 }] },
  }) as unknown as Service); // as a user writes it
  const slices = services.map((_, index) => sliceOf(index, 0));
  return (moved) => {
    if (moved !== undefined) slices[moved] = sliceOf(moved, 100);
    const slicesOf = (name: string): readonly EndpointSlice[] => {
      const slice = slices[Number(name.slice('default/s'.length))];
      return slice === undefined ? [] : [slice];
    };
    return table({ services, slicesOf, node: undefined, nodeName: 'n1', serviceRanges: ['10.96.0.0/12'], memory }, configuration);
  };
}

function sliceOf(service: number, offset: number): EndpointSlice {
  return {
    metadata: { name: `s${service}`, namespace: 'default' }, addressType: 'IPv4', ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints: Array.from({ length: endpointsEach }, (_, end) => ({ addresses: [`10.244.${service % 250}.${end + offset + 1}`], conditions: { ready: true }, nodeName: `n${service % 20}` })),
  } as unknown as EndpointSlice; // as the controller writes it
}

const inNamespace = (name: string): Host => {
  const host = realHost();
  return { ...host, processes: { ...host.processes, check: (argv, options) => host.processes.check(['ip', 'netns', 'exec', name, ...argv], options) } };
};

async function timed(run: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await run();
  return performance.now() - startMs;
}

export const proxy: Benchmark = {
  name: 'proxy',
  async run() {
    const name = `kaji-bench-${process.pid}`;
    execFileSync('ip', ['netns', 'add', name]);
    try {
      const rows: Row[] = [];
      for (const count of [1000]) {
        const backend = new NftablesBackend(inNamespace(name));
        const cluster = clusterOf(count);
        const first = await timed(() => backend.sync(cluster()));
        const changes: number[] = [];
        for (let round = 0; round < 10; round++) changes.push(await timed(() => backend.sync(cluster(round))));
        changes.sort((a, b) => a - b);
        rows.push({ question: `${count} services with ${endpointsEach} endpoints each, from nothing`, figure: ms(first), goal: '' });
        rows.push({ question: `endpoints of one of ${count} services change (p50 of 10)`, figure: ms(changes[5] ?? 0), goal: '' });
      }
      return rows;
    } finally {
      execFileSync('ip', ['netns', 'del', name]);
    }
  },
};
