/** What quotas cost: pods made in a thousand namespaces, first without and then with a quota in each. */
import { drive, type LoadClient } from './load.ts';
import { type Benchmark, ms, rate, type Row } from './report.ts';
import { expectStatus, makeDefaultAccount, podBody, type Server, withServer } from './server.ts';

const namespaces = 1000;
const path = (index: number): string => `/api/v1/namespaces/n-${index % namespaces}`;
const hard = { pods: '1000', 'requests.cpu': '100', 'limits.memory': '100Gi' };
const used = { pods: '0', 'requests.cpu': '0', 'limits.memory': '0' };

const made = async (client: LoadClient, at: string, body: object): Promise<void> => { expectStatus(await client.request('POST', at, JSON.stringify(body)), 201); };

async function creates({ endpoint }: Server, prefix: string): Promise<Row> {
  const result = await drive(endpoint, { clients: 64, total: 6000 }, async (client, index) => { expectStatus(await client.request('POST', `${path(index)}/pods`, podBody(`${prefix}-${index}`)), 201); });
  return { question: `pods made in ${namespaces} namespaces ${prefix} quotas, 64 clients`, figure: `${rate(result.perSecond)}, p99 ${ms(result.p99Ms)}`, goal: prefix === 'with' ? '>= 1000/s' : '' };
}

export const quota: Benchmark = {
  name: 'quota',
  run: () => withServer(async (server) => {
    const each = { clients: 64, total: namespaces };
    await drive(server.endpoint, each, async (client, index) => {
      await made(client, '/api/v1/namespaces', { metadata: { name: `n-${index}` } });
      await makeDefaultAccount(client, `n-${index}`);
    });
    const without = await creates(server, 'without');
    // No controllers run here: what is used is written by hand.
    await drive(server.endpoint, each, async (client, index) => {
      await made(client, `${path(index)}/resourcequotas`, { metadata: { name: 'q' }, spec: { hard } });
      expectStatus(await client.request('PATCH', `${path(index)}/resourcequotas/q/status`, JSON.stringify({ status: { hard, used } }), { 'content-type': 'application/merge-patch+json' }), 200);
    });
    return [without, await creates(server, 'with')];
  }),
};
