import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Service } from '@kaji/api/core/v1';
import type { EndpointSlice } from '@kaji/api/discovery/v1';
import { answer, type ClusterView, type RecordOf, type RecordType } from './records.ts';

const service = (name: string, spec: Service['spec']): Service => ({ metadata: { name, namespace: 'default' }, spec } as Service);
const ready = (address: string, hostname?: string): { addresses: string[]; conditions: { ready: boolean }; hostname?: string } => ({ addresses: [address], conditions: { ready: true }, ...(hostname === undefined ? {} : { hostname }) });
const slice = (of: string, endpoints: object[]): EndpointSlice => ({ metadata: { name: `${of}-x`, namespace: 'default', labels: { 'kubernetes.io/service-name': of } }, addressType: 'IPv4', endpoints, ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] } as unknown as EndpointSlice);

const services = [
  service('web', { clusterIP: '10.96.0.20', clusterIPs: ['10.96.0.20', 'fd00::20'], ports: [{ name: 'http', port: 80, protocol: 'TCP' }, { name: 'dns', port: 53, protocol: 'UDP' }] }),
  service('db', { clusterIP: 'None', clusterIPs: ['None'], ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] }),
  service('empty', { clusterIP: 'None', clusterIPs: ['None'] }),
  service('outside', { type: 'ExternalName', externalName: 'Example.COM.' }),
  service('inside', { type: 'ExternalName', externalName: 'web.default.svc.cluster.local' }),
  service('circle', { type: 'ExternalName', externalName: 'circle.default.svc.cluster.local' }),
];
const slices = [slice('db', [ready('10.244.0.5', 'db-0'), ready('10.244.1.6'), { addresses: ['10.244.1.7'], conditions: { ready: false } }]), slice('web', [ready('10.244.0.9')])];

const view: ClusterView = {
  hasNamespace: (name) => name === 'default',
  service: (namespace, name) => (namespace === 'default' ? services.find((each) => each.metadata.name === name) : undefined),
  servicesByAddress: (address) => services.filter((each) => each.spec?.clusterIPs?.includes(address) === true),
  slices: (_, name) => slices.filter((each) => each.metadata.labels?.['kubernetes.io/service-name'] === name),
  slicesByAddress: (address) => slices.filter((each) => each.endpoints?.some((endpoint) => endpoint.addresses.includes(address)) === true),
};

/** One line for each record. */
const show = (record: RecordOf): string => `${record.type} ${record.name} ${record.type === 'SRV' ? `${record.data.port} ${record.data.target}` : record.type === 'SOA' ? record.data.mname : record.data}`;
const ask = (name: string, type: RecordType): readonly string[] | string => {
  const result = answer(view, { domain: 'cluster.local', ttlSeconds: 30 }, name, type);
  return result.kind === 'found' ? [...result.answers.map(show), ...result.additionals.map((record) => `+ ${show(record)}`), ...(result.continueAt === undefined ? [] : [`> ${result.continueAt}`])] : result.kind;
};

const web = 'web.default.svc.cluster.local';
const db = 'db.default.svc.cluster.local';

describe('the cluster\'s zone', () => {
  const cases: readonly [string, string, RecordType, readonly string[] | string][] = [
    ['gives a Service its cluster address', web, 'A', [`A ${web} 10.96.0.20`]],
    ['gives it of the other family, too', web, 'AAAA', [`AAAA ${web} fd00::20`]],
    ['gives a named port by SRV', `_http._tcp.${web}`, 'SRV', [`SRV _http._tcp.${web} 80 ${web}`, `+ A ${web} 10.96.0.20`, `+ AAAA ${web} fd00::20`]],
    ['knows no port of another protocol', `_http._udp.${web}`, 'SRV', 'noSuchName'],
    ['gives a headless Service its ready endpoints', db, 'A', [`A ${db} 10.244.0.5`, `A ${db} 10.244.1.6`]],
    ['gives one endpoint by its host name', `db-0.${db}`, 'A', [`A db-0.${db} 10.244.0.5`]],
    ['gives one endpoint by its address', `10-244-1-6.${db}`, 'A', [`A 10-244-1-6.${db} 10.244.1.6`]],
    ['hides an endpoint that is not ready', `10-244-1-7.${db}`, 'A', 'noSuchName'],
    ['gives each endpoint by SRV', `_http._tcp.${db}`, 'SRV', [`SRV _http._tcp.${db} 8080 db-0.${db}`, `SRV _http._tcp.${db} 8080 10-244-1-6.${db}`, `+ A db-0.${db} 10.244.0.5`, `+ A 10-244-1-6.${db} 10.244.1.6`]],
    ['has no name for a headless Service without endpoints', 'empty.default.svc.cluster.local', 'A', 'noSuchName'],
    ['gives an outside name as an alias to go on with', 'outside.default.svc.cluster.local', 'A', ['CNAME outside.default.svc.cluster.local example.com', '> example.com']],
    ['follows an alias within the zone', 'inside.default.svc.cluster.local', 'A', [`CNAME inside.default.svc.cluster.local ${web}`, `A ${web} 10.96.0.20`]],
    ['gives an address for a pod\'s name', '10-244-0-9.default.pod.cluster.local', 'A', ['A 10-244-0-9.default.pod.cluster.local 10.244.0.9']],
    ['gives none for a pod\'s name that is no address', '10-244-0-999.default.pod.cluster.local', 'A', 'noSuchName'],
    ['gives none for a pod\'s name in no namespace', '10-244-0-9.none.pod.cluster.local', 'A', 'noSuchName'],
    ['gives a cluster address its name', '20.0.96.10.in-addr.arpa', 'PTR', [`PTR 20.0.96.10.in-addr.arpa ${web}`]],
    ['gives a cluster address of the other family its name', '0.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa', 'PTR', [`PTR 0.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa ${web}`]],
    ['gives an endpoint\'s address its name', '5.0.244.10.in-addr.arpa', 'PTR', [`PTR 5.0.244.10.in-addr.arpa db-0.${db}`]],
    ['leaves other addresses to others', '1.2.0.192.in-addr.arpa', 'PTR', 'elsewhere'],
    ['leaves other names to others', 'example.com', 'A', 'elsewhere'],
    ['leaves names that only look alike to others', 'notcluster.local', 'A', 'elsewhere'],
    ['says which specification it follows', 'dns-version.cluster.local', 'TXT', ['TXT dns-version.cluster.local 1.1.0']],
    ['has namespaces as empty names', 'default.svc.cluster.local', 'A', 'nothing'],
    ['has no names for namespaces that do not exist', 'none.svc.cluster.local', 'A', 'noSuchName'],
    ['has no names for Services that do not exist', 'none.default.svc.cluster.local', 'A', 'noSuchName'],
    ['has nothing of other types under a name', web, 'TXT', 'nothing'],
    ['has nothing else', 'x.y.cluster.local', 'A', 'noSuchName'],
  ];
  for (const [name, asked, type, want] of cases) it(name, () => { assert.deepEqual(ask(asked, type), want); });

  it('ends a circle of aliases', () => {
    assert.equal(ask('circle.default.svc.cluster.local', 'A').length, 9);
  });
});
