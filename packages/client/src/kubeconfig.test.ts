import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { emptyKubeconfig, formatKubeconfig, mergeKubeconfigs, parseKubeconfig, selectContext, withContext, withoutContext } from './kubeconfig.ts';

const added = withContext(emptyKubeconfig, { name: 'kaji-a', cluster: { server: 'https://172.30.0.2:6443' }, user: { token: 't' }, isCurrent: true });

test('reads what it wrote', () => {
  assert.deepEqual(parseKubeconfig(formatKubeconfig(added)), added);
});

test('keeps what it does not know', () => {
  const text = formatKubeconfig(withContext(parseKubeconfig('preferences: {colors: true}\nusers: [{name: u, user: {exec: {command: c}}}]'), { name: 'n', cluster: { server: 's' }, user: {}, isCurrent: false }));
  assert.match(text, /colors: true/);
  assert.match(text, /command: c/);
});

test('takes back what it added and nothing else', () => {
  const both = withContext(added, { name: 'other', cluster: { server: 's' }, user: {}, isCurrent: false });
  const left = withoutContext(both, 'kaji-a');
  assert.deepEqual([left.contexts.map(({ name }) => name), left['current-context']], [['other'], '']);
});

test('replaces a context of the same name', () => {
  const again = withContext(added, { name: 'kaji-a', cluster: { server: 'https://10.0.0.1' }, user: {}, isCurrent: false });
  assert.deepEqual([again.clusters.length, again.clusters[0]?.cluster.server, again['current-context']], [1, 'https://10.0.0.1', 'kaji-a']);
});

test('the first of several files wins', () => {
  const merged = mergeKubeconfigs([added, withContext(emptyKubeconfig, { name: 'kaji-a', cluster: { server: 'second' }, user: {}, isCurrent: true })]);
  assert.equal(selectContext(merged).cluster.server, 'https://172.30.0.2:6443');
});

const broken: readonly [name: string, text: string, context: string | undefined, message: RegExp][] = [
  ['no context at all', '', undefined, /no configuration has been provided/],
  ['a context that is not there', 'current-context: x', undefined, /context "x" does not exist/],
  ['a cluster that is not there', 'contexts: [{name: x, context: {cluster: c, user: u}}]', 'x', /cluster "c" does not exist/],
];
for (const [name, text, context, message] of broken) test(`says what is wrong with ${name}`, () => { assert.throws(() => selectContext(parseKubeconfig(text), context), message); });

test('refuses what is no kubeconfig', () => { assert.throws(() => parseKubeconfig('[1]'), /must be a map/); });

test('text of any kind is read or refused in words', () => {
  const pieces = fc.constantFrom('clusters:', 'users:', 'contexts:', 'current-context: a', '- name: a', '- null', '- a', '[', ']', '{', '}', ' cluster:', '  context: {cluster: a, user: a}', '  user: null', '  context: x', ' name: 1', '&a', '*a', '---', '\n', ' ', ',', '"', '\0', '<<: *a', '__proto__: {a: b}');
  const text = fc.oneof(fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('\n')), fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')), fc.string({ unit: 'binary' }));
  fc.assert(fc.property(text, (source) => {
    try {
      const config = mergeKubeconfigs([parseKubeconfig(source), added]);
      selectContext(config);
      formatKubeconfig(withoutContext(config, 'kaji-a'));
    } catch (error) {
      assert.ok(error instanceof Error && !(error instanceof TypeError) && !(error instanceof RangeError), String(error));
    }
  }), { numRuns: 300 });
});
