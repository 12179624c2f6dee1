/** What is computed for a request, without wire and store: defaults, validation, the decision of RBAC among many bindings. */
import { Rbac } from '@kaji/apiserver/testing';
import { pods } from '@kaji/api/core/v1';
import { clusterrolebindings, clusterroles, rolebindings } from '@kaji/api/rbac/v1';
import { applyDefaults, fromJson, parseJson } from '@kaji/schema';
import { type Benchmark, type Row } from './report.ts';
import { podBody } from './server.ts';

/** Microseconds of the processor's time for one `run`, once it is compiled. */
function microseconds(rounds: number, run: () => void): number {
  for (let round = 0; round < rounds / 4; round++) run();
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rounds;
}

const us = (value: number): string => `${value.toFixed(1)} µs`;

function ofPods(): readonly Row[] {
  const body = Buffer.from(podBody('bench'));
  const decode = () => {
    const { value, notes } = parseJson(body);
    return fromJson(pods.type, value, notes).object;
  };
  const defaulted = () => {
    const pod = decode();
    applyDefaults(pods.type, pod);
    pods.defaults?.(pod);
    return pod;
  };
  const pod = defaulted();
  const decoding = microseconds(20_000, decode);
  const defaulting = microseconds(20_000, defaulted) - decoding;
  return [
    { question: 'decoding of a 3 kB Pod out of JSON', figure: us(decoding), goal: '' },
    { question: 'defaulting of a Pod', figure: us(defaulting), goal: '' },
    { question: 'validation of a Pod', figure: us(microseconds(20_000, () => pods.validate?.(pod, undefined))), goal: '' },
  ];
}

const bindingCount = 10_000;

/** Half of the bindings are the cluster's, half lie in a hundred namespaces; a user has one or two of each, and a group of everybody some more. */
function rbac(): Rbac {
  const role = { metadata: { name: 'reader' }, rules: [{ verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['pods', 'services'] }] };
  const bindings = Array.from({ length: bindingCount }, (_, index) => ({
    metadata: { name: `binding-${index}`, ...(index % 2 === 0 ? {} : { namespace: `namespace-${index % 100}` }) },
    subjects: [index % 1000 === 0 ? { kind: 'Group', name: 'system:authenticated', apiGroup: 'rbac.authorization.k8s.io' } : { kind: 'User', name: `user-${index % 3000}`, apiGroup: 'rbac.authorization.k8s.io' }],
    roleRef: { kind: 'ClusterRole', name: 'reader', apiGroup: 'rbac.authorization.k8s.io' },
  }));
  const reader = {
    get: (resource: unknown) => (resource === clusterroles ? role : undefined),
    list: (resource: unknown) => (resource === clusterrolebindings ? bindings.filter(({ metadata }) => metadata.namespace === undefined) : resource === rolebindings ? bindings.filter(({ metadata }) => metadata.namespace !== undefined) : []),
    subscribe: () => undefined,
  };
  return new Rbac(reader as never, new AbortController().signal); // as much of a registry's reader as the roles' rules ask for
}

function decisions(): readonly Row[] {
  const authorizer = rbac();
  const action = { verb: 'get', isResource: true, path: '', group: '', version: 'v1', plural: 'pods', subresource: '', namespace: 'namespace-1', name: 'a' };
  const user = { name: 'user-1', groups: ['system:authenticated'] };
  if (!authorizer.authorize(user, action).isAllowed || authorizer.authorize(user, { ...action, plural: 'secrets' }).isAllowed) throw new Error('the roles say what they should not');
  return [
    { question: `RBAC with ${bindingCount} bindings, allowed`, figure: us(microseconds(200_000, () => authorizer.authorize(user, action))), goal: '' },
    { question: `RBAC with ${bindingCount} bindings, refused`, figure: us(microseconds(200_000, () => authorizer.authorize(user, { ...action, plural: 'secrets' }))), goal: '' },
  ];
}

export const rules: Benchmark = { name: 'rules', run: () => Promise.resolve([...ofPods(), ...decisions()]) };
