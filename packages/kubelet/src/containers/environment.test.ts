import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConfigMap, Container, Secret, Service } from '@kaji/api/core/v1';
import { testContainer, testPod } from '../testing.ts';
import { ContainerConfigError, environment, serviceVariables } from './environment.ts';
import { expand } from './expansion.ts';
import type { NodeFacts } from './field-path.ts';

const node: NodeFacts = { nodeName: 'node-1', addresses: ['172.30.0.11'], allocatable: { milliCpu: 4000, memoryBytes: 8 * 2 ** 30, ephemeralStorageBytes: 0 } };
const configMap: ConfigMap = { metadata: { name: 'cm' }, data: { colour: 'red', 'bad=name': 'x' } };
const secret: Secret = { metadata: { name: 's' }, data: { word: Buffer.from('sesame').toString('base64') } };
const references = { configMap: async (name: string) => (name === 'cm' ? configMap : undefined), secret: async (name: string) => (name === 's' ? secret : undefined) };

const expansions: readonly (readonly [text: string, want: string])[] = [
  ['$(A)', 'a'], ['x$(A)y$(A)', 'xaya'], ['$$(A)', '$(A)'], ['$$$(A)', '$a'], ['$(B)', '$(B)'], ['$A', '$A'], ['$', '$'], ['$(A', '$(A'], ['$(constructor)', '$(constructor)'], ['$()', '$()'], ['a$$', 'a$'],
];
for (const [text, want] of expansions) {
  test(`expands ${text}`, () => { assert.equal(expand(text, (name) => (name === 'A' ? 'a' : undefined)), want); });
}

async function variables(env: Container['env'], more: Partial<Container> = {}, services: readonly Service[] = []): Promise<Readonly<Record<string, string>>> {
  const container = testContainer('app', { env: env ?? [], ...more });
  const pod = testPod({ containers: [container], serviceAccountName: 'robot' }, { labels: { app: 'web', 'a/b': 'c' }, annotations: { note: 'n' } });
  return (await environment({ pod, container, node, podIps: ['10.0.0.1', 'fd00::1'], services, references })).variables;
}

const cases: readonly (readonly [name: string, env: Container['env'], more: Partial<Container>, want: Readonly<Record<string, string>>])[] = [
  ['plain values, each able to use those before it', [{ name: 'A', value: '1' }, { name: 'B', value: '$(A)2' }, { name: 'C', value: '$(D)' }], {}, { A: '1', B: '12', C: '$(D)' }],
  ['fields of the pod', [
    { name: 'N', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, { name: 'L', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } }, { name: 'I', valueFrom: { fieldRef: { fieldPath: 'status.podIPs' } } },
    { name: 'H', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } }, { name: 'S', valueFrom: { fieldRef: { fieldPath: 'spec.serviceAccountName' } } }, { name: 'X', valueFrom: { fieldRef: { fieldPath: "metadata.labels['constructor']" } } },
  ], {}, { N: 'web', L: 'web', I: '10.0.0.1,fd00::1', H: '172.30.0.11', S: 'robot', X: '' }],
  ['resources, rounded up to the divisor', [
    { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }, { name: 'MILLI', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
    { name: 'MEM', valueFrom: { resourceFieldRef: { resource: 'requests.memory', divisor: '1Mi' } } }, { name: 'NODE', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Gi' } } },
  ], { resources: { limits: { cpu: '1500m' }, requests: { memory: '100M' } } }, { CPU: '2', MILLI: '1500', MEM: '96', NODE: '8' }],
  ['keys of ConfigMaps and Secrets', [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'colour' } } }, { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'word' } } }], {}, { A: 'red', B: 'sesame' }],
  ['all keys at once, with a prefix, without bad names', [], { envFrom: [{ prefix: 'P_', configMapRef: { name: 'cm' } }, { secretRef: { name: 's' } }] }, { P_colour: 'red', word: 'sesame' }],
  ['nothing for what is optional and missing', [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'none', key: 'k', optional: true } } }], { envFrom: [{ secretRef: { name: 'none', optional: true } }] }, {}],
];
for (const [name, env, more, want] of cases) test(`makes ${name}`, async () => { assert.deepEqual(await variables(env, more), want); });

const refusals: readonly (readonly [want: string, env: Container['env'], more?: Partial<Container>])[] = [
  ['configmap "none" not found', [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'none', key: 'k' } } }]],
  ["couldn't find key none in ConfigMap default/cm", [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'none' } } }]],
  ["couldn't find key constructor in Secret default/s", [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'constructor' } } }]],
  ['secret "none" not found', [], { envFrom: [{ secretRef: { name: 'none' } }] }],
];
for (const [want, env, more] of refusals) {
  test(`refuses with: ${want}`, async () => { await assert.rejects(variables(env, more ?? {}), (error) => error instanceof ContainerConfigError && error.message === want); });
}

const service = (name: string, namespace: string, clusterIP: string): Service => ({ metadata: { name, namespace }, spec: { clusterIP, ports: [{ name: 'http', port: 80, protocol: 'TCP' }, { port: 53, protocol: 'UDP' }] } });
const services = [service('kubernetes', 'default', '10.96.0.1'), service('my-app', 'shop', '10.96.0.9'), service('other', 'default', 'None'), service('far', 'elsewhere', '10.96.0.8')];

test('gives the addresses of services of the namespace, and of the API', () => {
  const made = serviceVariables({ pod: testPod({}, { namespace: 'shop' }), services });
  assert.equal(made['MY_APP_SERVICE_HOST'], '10.96.0.9');
  assert.equal(made['MY_APP_SERVICE_PORT_HTTP'], '80');
  assert.equal(made['MY_APP_PORT'], 'tcp://10.96.0.9:80');
  assert.equal(made['MY_APP_PORT_53_UDP_ADDR'], '10.96.0.9');
  assert.equal(made['KUBERNETES_SERVICE_HOST'], '10.96.0.1');
  assert.equal(Object.keys(made).some((key) => key.startsWith('FAR') || key.startsWith('OTHER')), false);
});

test('gives only the address of the API where links are off, and a variable of the pod wins', async () => {
  const made = serviceVariables({ pod: testPod({ enableServiceLinks: false }, { namespace: 'shop' }), services });
  assert.equal(Object.keys(made).every((key) => key.startsWith('KUBERNETES_')), true);
  assert.equal((await variables([{ name: 'KUBERNETES_SERVICE_HOST', value: 'mine' }], {}, services))['KUBERNETES_SERVICE_HOST'], 'mine');
});
