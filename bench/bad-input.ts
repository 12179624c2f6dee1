/**
 * What the worst requests we could think of cost the API's thread: every decoder, three megabytes each, and then the whole
 * server. The longest turn of the event loop is what counts: another client waited as long.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { startTestServer, type TestServer } from '@kaji/apiserver/testing';
import { realClock, realStreams } from '@kaji/base/real';
import { noMetrics, silentLog } from '@kaji/base';
import { readAll } from '@kaji/client';
import { type Benchmark, ms, type Row } from './report.ts';

const megabytes = 3 * 1024 * 1024 - 4096;
const fill = (piece: string, length = megabytes): string => piece.repeat(Math.floor(length / piece.length));
const indexed = (count: number, piece: (index: number) => string, separator = ','): string => Array.from({ length: count }, (_, index) => piece(index)).join(separator);

interface Attack {
  readonly name: string;
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'GET' | 'DELETE';
  readonly path: string;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  /** Sent before, and not measured. */
  readonly before?: readonly Attack[];
}

const maps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';
const deployment = '/apis/apps/v1/namespaces/default/deployments/web';
const revisions = '/apis/apps/v1/namespaces/default/controllerrevisions';
const big = `${maps}/big`;
const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const named = (rest: string): string => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}${rest}}`;
const bigWith = (data: string, rest = ''): string => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"big"${rest}},"data":{${data}}}`;
/** Nearly as many entries as a body may have; with their owners they are just short of what the store takes. */
const entries = 60_000;
const keys = (value: string, from = 0, count = entries): string => indexed(count, (index) => `"${(index + from).toString(36)}":${value}`);
const podWith = (rest: string): string => `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i"}]${rest}}}`;
const json = 'application/json';
const yaml = 'application/yaml';
const merge = 'application/merge-patch+json';
const jsonPatch = 'application/json-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const apply = 'application/apply-patch+yaml';
const protobuf = 'application/vnd.kubernetes.protobuf';

/** A field of protobuf: number, bytes. */
function field(number: number, content: Uint8Array): Uint8Array {
  const head: number[] = [(number << 3) | 2];
  let rest = content.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) head.push((rest % 128) | 128);
  return Buffer.concat([Buffer.from([...head, rest]), content]);
}

const enveloped = (kind: string, apiVersion: string, message: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from('k8s\0'), field(1, Buffer.concat([field(1, Buffer.from(apiVersion)), field(2, Buffer.from(kind))])), field(2, message)]);

const podSpec = (inner: Uint8Array): Uint8Array => enveloped('Pod', 'v1', Buffer.concat([field(1, field(1, Buffer.from('a'))), field(2, inner)]));

const post = (name: string, body: string | Uint8Array, type = json, path = maps): Attack => ({ name, method: 'POST', path, type, body });
const patch = (name: string, body: string, type: string, path = deployment): Attack => ({ name, method: 'PATCH', path, type, body });
const after = (before: readonly Attack[], attack: Attack): Attack => ({ ...attack, before });
const put = (name: string, body: string, path = big): Attack => ({ name, method: 'PUT', path, type: json, body });
const get = (name: string, query: string): Attack => ({ name, method: 'GET', path: `${pods}?${query}` });

const attacks = (): readonly Attack[] => [
  post('JSON: an opening bracket', fill('[')),
  post('JSON: an opening brace and key', fill('{"a":')),
  post('JSON: nested 9,999 deep, unknown', named(`,"x":${'['.repeat(9990)}${']'.repeat(9990)}`)),
  post('JSON: short keys', named(`,"data":{${indexed(300_000, (index) => `"${index.toString(36)}":""`)}}`)),
  post('JSON: one key again and again', named(`,"data":{${fill('"k":"v",')}"k":"v"}`)),
  post('JSON: unknown fields', named(`,${indexed(200_000, (index) => `"x${index.toString(36)}":1`)}`)),
  post('JSON: duplicate unknown fields in strict mode', named(`,${fill('"x":1,')}"x":1`), json, `${maps}?fieldValidation=Strict`),
  post('JSON: many keys twice', named(`,"data":{${indexed(110_000, (index) => `"${index.toString(36)}":"","${index.toString(36)}":""`)}}`)),
  post('JSON: escapes', named(`,"data":{"k":"${fill('\\u0041')}"}`)),
  post('JSON: bytes that are not UTF-8', Buffer.concat([Buffer.from('{"data":{"k":"'), Buffer.alloc(megabytes - 100, 0xff), Buffer.from('"}}')])),
  post('JSON: a number of three million digits', named(`,"data":{"k":${fill('9')}}`)),
  post('JSON: empty lists in a list', named(`,"x":[${fill('[],')}[]]`)),
  post('JSON: empty containers', podWith(`,"initContainers":[${fill('{},')}{}]`), json, pods),
  post('JSON: containers of one name', podWith(`,"initContainers":[${indexed(80_000, () => '{"name":"a","image":"i"}')}]`), json, pods),
  post('JSON: bad environment names', podWith(`,"initContainers":[{"name":"i","image":"i","env":[${indexed(150_000, (index) => `{"name":"=${index.toString(36)}"}`)}]}]`), json, pods),
  post('JSON: tolerations', podWith(`,"tolerations":[${indexed(60_000, (index) => `{"key":"k${index}","operator":"Exists"}`)}]`), json, pods),
  post('JSON: volumes', podWith(`,"volumes":[${indexed(80_000, (index) => `{"name":"v${index}","emptyDir":{}}`)}]`), json, pods),
  post('JSON: labels', `{"metadata":{"name":"a","labels":{${indexed(200_000, (index) => `"k${index}":"v"`)}}}}`),
  post('JSON: finalizers', `{"metadata":{"name":"a","finalizers":[${indexed(200_000, (index) => `"a.b/${index}"`)}]}}`),
  post('JSON: owners', `{"metadata":{"name":"a","ownerReferences":[${indexed(30_000, (index) => `{"apiVersion":"v1","kind":"Secret","name":"n${index}","uid":"u${index}"}`)}]}}`),
  post('JSON: managed fields', `{"metadata":{"name":"a","managedFields":[${indexed(20_000, (index) => `{"manager":"m${index}","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{}}}`)}]}}`),
  post('JSON: free-form data, nested', `{"metadata":{"name":"a"},"revision":1,"data":${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}}`, json, revisions),
  post('JSON: free-form data, wide', `{"metadata":{"name":"a"},"revision":1,"data":{${indexed(170_000, (index) => `"k${index}":${index}`)}}}`, json, revisions),
  post('JSON: quantities of many digits', podWith(`,"initContainers":[{"name":"i","image":"i","resources":{"limits":{"cpu":"${fill('9', 1_000_000)}"}}}]`), json, pods),
  post('JSON: many quantities', podWith(`,"initContainers":[{"name":"i","image":"i","resources":{"limits":{${indexed(120_000, (index) => `"a.b/${index}":"1"`)}}}}]`), json, pods),
  post('JSON: a time of many digits', `{"metadata":{"name":"a","creationTimestamp":"2020-01-01T00:00:00.${fill('1')}Z"}}`),
  post('at the limit: data', bigWith(keys('""'))),
  post('at the limit: data, dry run', bigWith(keys('"aaaaaaaaaaaaaaaa"')), json, `${maps}?dryRun=All`),
  post('at the limit: labels', `{"metadata":{"name":"a","labels":{${keys('""')}}}}`),
  post('at the limit: wrong labels', `{"metadata":{"name":"a","labels":{${indexed(65_000, (index) => `"${index.toString(36)}-":"-"`)}}}}`),
  post('at the limit: wrong annotations', `{"metadata":{"name":"a","annotations":{${indexed(65_000, (index) => `"${index.toString(36)}-":"-"`)}}}}`),
  post('at the limit: long annotations', `{"metadata":{"name":"a","annotations":{${indexed(11_000, (index) => `"${index}":"${'ä'.repeat(120)}"`)}}}}`),
  post('at the limit: owners', `{"metadata":{"name":"a","ownerReferences":[${indexed(60_000, () => '{"apiVersion":"v1","kind":"a","name":"x","uid":"b"}')}]}}`),
  post('at the limit: containers', `{"metadata":{"name":"a"},"spec":{"containers":[${indexed(65_000, (index) => `{"name":"c${index}","image":"i"}`)}]}}`, json, pods),
  post('at the limit: containers of one name', podWith(`,"initContainers":[${indexed(65_000, () => '{"name":"a","image":"i"}')}]`), json, pods),
  post('at the limit: containers without a name', podWith(`,"initContainers":[${indexed(65_000, () => '{}')}]`), json, pods),
  post('at the limit: environment', `{"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i","env":[${indexed(65_000, (index) => `{"name":"C${index}","value":"v"}`)}]}]}}`, json, pods),
  post('at the limit: mounts', podWith(`,"initContainers":[{"name":"i","image":"i","volumeMounts":[${indexed(55_000, (index) => `{"name":"v","mountPath":"/${index}"}`)}]}]`), json, pods),
  post('at the limit: ports', podWith(`,"initContainers":[{"name":"i","image":"i","ports":[${indexed(55_000, (index) => `{"containerPort":${index + 1},"name":"p${index}"}`)}]}]`), json, pods),
  post('at the limit: volumes', podWith(`,"volumes":[${indexed(32_000, (index) => `{"name":"v${index}","emptyDir":{}}`)}]`), json, pods),
  post('at the limit: volumes without a source', podWith(`,"volumes":[${indexed(65_000, () => '{"name":"v"}')}]`), json, pods),
  post('at the limit: tolerations', podWith(`,"tolerations":[${indexed(65_000, (index) => `{"key":"k${index}","operator":"In"}`)}]`), json, pods),
  post('at the limit: quantities', podWith(`,"initContainers":[{"name":"i","image":"i","resources":{"limits":{${indexed(65_000, (index) => `"a.b/${index}":"1"`)}}}}]`), json, pods),
  post('at the limit: odd quantities', podWith(`,"initContainers":[{"name":"i","image":"i","resources":{"limits":{${indexed(65_000, (index) => `"a.b/${index}":"0.1234567891Ki"`)}}}}]`), json, pods),
  post('at the limit: arguments', podWith(`,"initContainers":[{"name":"i","image":"i","args":[${fill('"a",', 2_900_000)}"a"]}]`), json, pods),
  post('at the limit: resources of a role', `{"metadata":{"name":"a"},"rules":[{"verbs":["get"],"apiGroups":[""],"resources":[${indexed(300_000, (index) => `"p${index.toString(36)}"`)}]}]}`, json, roles),
  post('at the limit: rules of a role', `{"metadata":{"name":"a"},"rules":[${indexed(60_000, () => '{"verbs":["get"],"apiGroups":[""],"resources":[""]}')}]}`, json, roles),
  post('at the limit: terms of a selector', `{"metadata":{"name":"a"},"spec":{"selector":{"matchExpressions":[${indexed(50_000, (index) => `{"key":"a${index}","operator":"In","values":["a"]}`)}]},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"a","image":"b"}]}}}}`, json, '/apis/apps/v1/namespaces/default/deployments'),
  post('at the limit: addresses', `{"metadata":{"name":"a"},"subsets":[{"addresses":[${indexed(65_000, (index) => `{"ip":"10.${index >> 16}.${(index >> 8) & 255}.${index & 255}"}`)}],"ports":[{"port":80}]}]}`, json, '/api/v1/namespaces/default/endpoints'),
  post('at the limit: files of a volume at one path', podWith(`,"volumes":[{"name":"v","secret":{"secretName":"s","items":[${indexed(60_000, () => '{"key":"k","path":"p"}')}]}}]`), json, pods),
  post('at the limit: mounts and devices', podWith(`,"initContainers":[{"name":"i","image":"i","volumeMounts":[${indexed(27_000, (index) => `{"name":"v","mountPath":"/${index}"}`)}],"volumeDevices":[${indexed(27_000, (index) => `{"name":"d${index}","devicePath":"/d${index}"}`)}]}]`), json, pods),
  post('at the limit: claims', podWith(`,"resourceClaims":[${indexed(20_000, (index) => `{"name":"c${index}","resourceClaimName":"x"}`)}],"initContainers":[{"name":"i","image":"i","resources":{"claims":[${indexed(20_000, (index) => `{"name":"d${index}"}`)}]}}]`), json, pods),
  post('at the limit: topologies of a class', `{"metadata":{"name":"a"},"provisioner":"p","allowedTopologies":[${indexed(30_000, (index) => `{"matchLabelExpressions":[{"key":"k","values":["${index}"]}]}`)}]}`, json, '/apis/storage.k8s.io/v1/storageclasses'),
  post('at the limit: names that nobody knows', named(`,"x":[${indexed(130_000, (index) => `{"${index.toString(36)}":1}`)}]`)),
  post('at the limit: unknown fields in a list, strict', podWith(`,"initContainers":[${indexed(65_000, (index) => `{"x${index.toString(36)}":1}`)}]`), json, `${pods}?fieldValidation=Strict`),
  post('at the limit: data as protobuf', enveloped('ConfigMap', 'v1', Buffer.concat([field(1, field(1, Buffer.from('a'))), ...Array.from({ length: 65_000 }, (_, index) => field(2, field(1, Buffer.from(index.toString(36)))))])), protobuf),
  post('at the limit: texts as protobuf', podSpec(field(2, Buffer.from(fill('\x1a\x01a', megabytes - 100), 'latin1'))), protobuf, pods),
  after([post('', bigWith(keys('""')))], put('a large object: all of it changed', bigWith(keys('"a"')))),
  after([post('', bigWith(keys('""')))], put('a large object: all of it replaced', bigWith(keys('"a"', entries)))),
  after([post('', bigWith(keys('""')))], put('a large object: wrong labels', bigWith('', `,"labels":{${indexed(60_000, (index) => `"${index}-":"-"`)}}`))),
  after([post('', bigWith(keys('""')))], put('a large object: its owners in the body', bigWith(keys('""'), `,"managedFields":[{"manager":"m","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{${indexed(60_000, (index) => `"f:${index.toString(36)}":{}`)}}}}]`))),
  after([post('', bigWith(keys('""')))], put('a large object: many owners in the body', bigWith(keys('""'), `,"managedFields":[${indexed(15_000, (index) => `{"manager":"m${index}","operation":"Update","apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:data":{"f:a":{}}}}`)}]`))),
  after([post('', bigWith(keys('""')))], patch('a large object: a small merge patch', '{"data":{"x":"y"}}', merge, big)),
  after([post('', bigWith(keys('""')))], patch('a large object: a large merge patch', `{"data":{${keys('"a"')}}}`, merge, big)),
  after([post('', bigWith(keys('""')))], patch('a large object: a large strategic patch', `{"data":{${keys('"a"')}}}`, strategic, big)),
  after([post('', bigWith(keys('""')))], patch('a large object: removed by a merge patch', `{"data":{${keys('null')}}}`, merge, big)),
  after([post('', bigWith(keys('""')))], patch('a large object: a JSON patch', `[${indexed(9900, (index) => `{"op":"add","path":"/data/${index}","value":"${'a'.repeat(200)}"}`)}]`, jsonPatch, big)),
  after([post('', bigWith(keys('""')))], patch('a large object: applied by another', bigWith(keys('""')), apply, `${big}?fieldManager=b`)),
  after([post('', bigWith(keys('""')))], patch('a large object: applied in conflict', bigWith(keys('"a"')), apply, `${big}?fieldManager=b`)),
  after([post('', bigWith(keys('""')))], patch('a large object: applied by force', bigWith(keys('"a"')), apply, `${big}?fieldManager=b&force=true`)),
  patch('apply: at the limit', bigWith(keys('""')), apply, `${big}?fieldManager=a`),
  after([patch('', bigWith(keys('""')), apply, `${big}?fieldManager=a`)], patch('apply: at the limit, taken back', bigWith('"x":"y"'), apply, `${big}?fieldManager=a`)),
  after([patch('', bigWith(keys('""')), apply, `${big}?fieldManager=a`)], patch('apply: at the limit, other values', bigWith(keys('"b"')), apply, `${big}?fieldManager=a`)),
  { name: 'options of a deletion', method: 'DELETE', path: maps, type: json, body: `{"kind":"DeleteOptions","apiVersion":"v1","dryRun":[${fill('"All",')}"All"]}` },
  { name: 'options of a deletion: unknown fields', method: 'DELETE', path: maps, type: json, body: `{"kind":"DeleteOptions","apiVersion":"v1",${indexed(130_000, (index) => `"${index.toString(36)}":1`)}}` },
  post('a review of many attributes', `{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"user":"a","resourceAttributes":{"verb":"get"},"groups":[${fill('"a",', 2_900_000)}"a"]}}`, json, '/apis/authorization.k8s.io/v1/subjectaccessreviews'),
  post('YAML: an opening bracket', fill('['), yaml),
  post('YAML: flow maps', fill('{a: '), yaml),
  post('YAML: nested 9,000 deep in flow', `metadata: {name: a}\nx: ${'['.repeat(9000)}${']'.repeat(9000)}`, yaml),
  post('YAML: nested by indentation', indexed(2400, (index) => `${' '.repeat(index)}a:`, '\n'), yaml),
  post('YAML: short keys', `metadata: {name: a}\ndata:\n${indexed(250_000, (index) => `  ${index.toString(36)}: a`, '\n')}`, yaml),
  post('YAML: one key again and again', `metadata: {name: a}\ndata:\n${fill('  k: v\n')}`, yaml),
  post('YAML: aliases of aliases', `metadata: {name: a}\na: &a [x]\n${'bcdefghijklmnop'.split('').map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghijklmnop'.charAt(index)}`).join(',')}]`).join('\n')}\n`, yaml),
  post('YAML: many aliases', `metadata: {name: a}\na: &a x\nx:\n${fill('- *a\n', 2_000_000)}`, yaml),
  post('YAML: many anchors', `metadata: {name: a}\nx:\n${indexed(120_000, (index) => `- &a${index} x`, '\n')}`, yaml),
  post('YAML: merges', `metadata: {name: a}\na: &a {${indexed(1000, (index) => `k${index}: 1`)}}\nx:\n${fill('- <<: *a\n', 200_000)}`, yaml),
  post('YAML: comments', fill('# a\n'), yaml),
  post('YAML: a block of text', `metadata: {name: a}\ndata:\n  k: |\n${fill('    text text text\n')}`, yaml),
  post('YAML: quoted escapes', `metadata: {name: a}\ndata: {k: "${fill('\\u0041')}"}`, yaml),
  post('YAML: colons', `a: ${fill('a: ')}`, yaml),
  post('YAML: question marks', fill('? '), yaml),
  post('YAML: dashes', fill('- '), yaml),
  post('YAML: documents', fill('---\n'), yaml),
  post('YAML: tags', `x:\n${fill('- !!str a\n')}`, yaml),
  post('YAML: a number of digits', `metadata: {name: a}\nx: ${fill('9')}`, yaml),
  post('YAML: underscores in a number', `metadata: {name: a}\nx: ${fill('1_')}`, yaml),
  post('YAML: sexagesimals', `metadata: {name: a}\nx: 1${fill(':1')}`, yaml),
  post('protobuf: groups in groups', podSpec(Buffer.alloc(megabytes, 0x0b | (100 << 3) & 0x7f)), protobuf, pods),
  post('protobuf: unknown fields', podSpec(Buffer.from(fill('\xf8\x7f\x01', megabytes), 'latin1')), protobuf, pods),
  post('protobuf: empty containers', podSpec(Buffer.from(fill('\x12\x00', megabytes), 'latin1')), protobuf, pods),
  post('protobuf: long varints', podSpec(Buffer.alloc(megabytes, 0xff)), protobuf, pods),
  post('protobuf: nested schemas', enveloped('CustomResourceDefinition', 'apiextensions.k8s.io/v1', nestedSchemas(100_000)), protobuf, crds),
  patch('merge patch: short keys', `{"metadata":{"annotations":{${indexed(200_000, (index) => `"k${index}":"v"`)}}}}`, merge),
  patch('merge patch: nested', `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`, merge),
  patch('JSON patch: 10,000 operations at the front of a list', `[${indexed(10_000, (index) => `{"op":"add","path":"/metadata/finalizers/0","value":"a.b/${index}"}`)}]`, jsonPatch),
  patch('JSON patch: doubling copies', `[{"op":"add","path":"/metadata/annotations","value":{"a":{}}},${indexed(60, () => '{"op":"copy","from":"/metadata/annotations","path":"/metadata/annotations/a"}')}]`, jsonPatch),
  patch('JSON patch: copies that double', `[{"op":"add","path":"/metadata/annotations","value":{"a":"${'a'.repeat(1000)}"}},${indexed(60, (index) => `{"op":"copy","from":"/metadata/annotations","path":"/metadata/annotations/k${index}"}`)}]`, jsonPatch),
  after([post('', podWith(`,"initContainers":[{"name":"i","image":"i","args":[${fill('"",', 1_500_000)}""]}]`), json, pods)], patch('JSON patch: 9,900 operations at the front of half a million arguments', `[${indexed(9900, () => '{"op":"add","path":"/spec/initContainers/0/args/0","value":""}')}]`, jsonPatch, `${pods}/a`)),
  after([patch('', `{"metadata":{"finalizers":[${indexed(50_000, (index) => `"a.b/${index}"`)}]}}`, merge)], patch('strategic patch: finalizers in another order', `{"metadata":{"finalizers":[${indexed(50_000, (index) => `"a.b/${50_000 - index}"`)}]}}`, strategic)),
  after([patch('', `{"metadata":{"finalizers":[${indexed(50_000, (index) => `"a.b/${index}"`)}]}}`, merge)], patch('strategic patch: finalizers deleted', `{"metadata":{"$deleteFromPrimitiveList/finalizers":[${indexed(50_000, (index) => `"a.b/${50_000 - index}"`)}]}}`, strategic)),
  patch('JSON patch: a long path', `[{"op":"add","path":"${fill('/a')}","value":1}]`, jsonPatch),
  patch('JSON patch: 200,000 operations', `[${indexed(150_000, () => '{"op":"test"}')}]`, jsonPatch),
  patch('strategic patch: containers of other names', `{"spec":{"template":{"spec":{"containers":[${indexed(50_000, (index) => `{"name":"c${index}","image":"i"}`)}]}}}}`, strategic),
  patch('strategic patch: deletions', `{"spec":{"template":{"spec":{"containers":[${indexed(50_000, (index) => `{"name":"c${index}","$patch":"delete"}`)}]}}}}`, strategic),
  patch('strategic patch: an order', `{"spec":{"template":{"spec":{"$setElementOrder/containers":[${indexed(100_000, (index) => `{"name":"c${index}"}`)}],"containers":[{"name":"c0","image":"i"}]}}}}`, strategic),
  patch('strategic patch: finalizers', `{"metadata":{"finalizers":[${indexed(150_000, (index) => `"a.b/${index}"`)}]}}`, strategic),
  patch('apply: containers', `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"template":{"spec":{"containers":[${indexed(50_000, (index) => `{"name":"c${index}","image":"i"}`)}]}}}}`, apply, `${deployment}?fieldManager=a&force=true`),
  patch('apply: annotations', `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","annotations":{${indexed(130_000, (index) => `"k${index}":"v"`)}}}}`, apply, `${deployment}?fieldManager=a&force=true`),
  get('selector: 100,000 labels', `labelSelector=${encodeURIComponent(indexed(100_000, (index) => `k${index}=v`))}`),
  get('selector: 100,000 values', `labelSelector=${encodeURIComponent(`k in (${indexed(100_000, (index) => `v${index}`)})`)}`),
  get('selector: exclamation marks', `labelSelector=${fill('!', 1_000_000)}`),
  get('selector: spaces', `labelSelector=${fill('+', 1_000_000)}`),
  get('selector: 100,000 fields', `fieldSelector=${encodeURIComponent(indexed(100_000, (index) => `metadata.name=v${index}`))}`),
  get('selector: a field of backslashes', `fieldSelector=metadata.name%3D${fill('%5C%5C', 900_000)}`),
  get('a continue token', `limit=1&continue=${fill('A', 1_000_000)}`),
  get('query: many parameters', indexed(200_000, (index) => `p${index}=1`, '&')),
  get('query: a resource version of many digits', `resourceVersion=${fill('9', 1_000_000)}`),
  get('query: a duration of many units', `timeout=${fill('1h', 1_000_000)}`),
];

/** Schemas in one another: `spec.versions.schema.openAPIV3Schema.not.not...` */
function nestedSchemas(depth: number): Uint8Array {
  // Built from the inside, in one buffer from its end, or the building would be the attack.
  const whole = Buffer.alloc(depth * 6 + 64);
  let at = whole.length;
  for (let level = 0; level < depth; level++) {
    const length = whole.length - at;
    const digits: number[] = [];
    for (let rest = length; ; rest = Math.floor(rest / 128)) {
      digits.push(rest > 127 ? (rest % 128) | 128 : rest);
      if (rest <= 127) break;
    }
    at -= digits.length;
    whole.set(digits, at);
    // The tag of `not`: field 28, in two bytes.
    at -= 2;
    whole.set([0xe2, 0x01], at);
  }
  const schema = whole.subarray(at);
  return Buffer.concat([field(1, field(1, Buffer.from('a.example.com'))), field(2, field(7, Buffer.concat([field(1, Buffer.from('v1')), field(4, field(1, schema))])))]);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function send(server: TestServer, { method, path, type, body }: Attack): Promise<Answer> {
  const content = body === undefined ? {} : { body: typeof body === 'string' ? Buffer.from(body) : body };
  const reply = await server.transport().request({ method, path, headers: { accept: json, ...(type === undefined ? {} : { 'content-type': type }) }, ...content });
  return { status: reply.status, text: Buffer.from(await readAll(reply.body)).toString() };
}

async function startFor({ before = [] }: Attack): Promise<TestServer> {
  const server = await startTestServer({ config: { disabledAdmission: ['ServiceAccount'] }, runtime: { clock: realClock, random: realStreams(), log: silentLog, metrics: noMetrics } });
  await send(server, post('', '{"metadata":{"name":"web"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}', json, '/apis/apps/v1/namespaces/default/deployments'));
  for (const attack of before) await send(server, attack);
  return server;
}

async function measure(attack: Attack): Promise<Row> {
  await using server = await startFor(attack);
  const watch = stillness();
  const outcome = await send(server, attack).then(({ status, text }) => `${status} ${/"message":"(.{0,60})/.exec(text)?.[1] ?? ''}`, (error: unknown) => `failed: ${String(error).slice(0, 60)}`);
  const { thread, clock, collecting } = await watch.longest();
  return { question: attack.name, figure: ms(thread), goal: `<= 100 ms; by the clock ${ms(clock)}, collecting ${ms(collecting)}; answered ${outcome}` };
}

/** One turn of the event loop. */
interface Turn {
  /** Of the thread's own time: the clock counts what other processes took, too. */
  readonly thread: number;
  readonly clock: number;
  /** Of that, the platform's collection of what is no longer used. */
  readonly collecting: number;
}

const threadMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** The turn that took longest, from now on. */
function stillness(): { longest(): Promise<Turn> } {
  let longest = { thread: 0, startMs: 0, endMs: 0 };
  let isOver = false;
  const collections: { readonly startTime: number; readonly duration: number }[] = [];
  const observer = new PerformanceObserver((list) => { collections.push(...list.getEntries()); });
  observer.observe({ entryTypes: ['gc'] });
  const watching = (async () => {
    let [lastMs, lastThreadMs] = [performance.now(), threadMs()];
    while (!isOver) {
      await nextTurn();
      const [nowMs, nowThreadMs] = [performance.now(), threadMs()];
      if (nowThreadMs - lastThreadMs > longest.thread) longest = { thread: nowThreadMs - lastThreadMs, startMs: lastMs, endMs: nowMs };
      [lastMs, lastThreadMs] = [nowMs, nowThreadMs];
    }
  })();
  return {
    async longest() {
      isOver = true;
      await watching;
      await nextTurn();
      observer.disconnect();
      const { thread, startMs, endMs } = longest;
      const collecting = collections.filter(({ startTime }) => startTime >= startMs && startTime < endMs).reduce((sum, { duration }) => sum + duration, 0);
      return { thread, clock: endMs - startMs, collecting };
    },
  };
}

export const badInput: Benchmark = {
  name: 'bad-input',
  async run() {
    const rows: Row[] = [];
    for (const attack of attacks()) rows.push(await measure(attack));
    return rows;
  },
};
