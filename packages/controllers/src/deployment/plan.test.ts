import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isScaled, limitsOf, planCleanup, planRolling, planScaling, sizeOfNewest } from './plan.ts';
import { annotationsOfNewest, type DeploymentObject, familyOf, historyAnnotation, type ReplicaSetObject, revisionAnnotation, sizeAnnotations } from './replica-sets.ts';
import { hashLabel, templateHash } from '../template-hash.ts';

interface Shape {
  readonly replicas?: number;
  readonly surge?: number | string;
  readonly unavailable?: number | string;
  readonly type?: 'Recreate' | 'RollingUpdate';
}

const template = (image: string, labels: Record<string, string> = {}): DeploymentObject['spec']['template'] => ({ metadata: { labels: { app: 'web', ...labels } }, spec: { containers: [{ name: 'web', image }] } }) as DeploymentObject['spec']['template'];

const deployment = ({ replicas = 10, surge = '25%', unavailable = '25%', type = 'RollingUpdate' }: Shape = {}, rest: Partial<DeploymentObject['spec']> = {}): DeploymentObject => ({
  metadata: { name: 'web', namespace: 'default', uid: 'd' },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template('v2'), strategy: { type, rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } }, ...rest },
});

const set = (name: string, size: number, available = size, metadata: ReplicaSetObject['metadata'] = {}): ReplicaSetObject => ({
  metadata: { name, uid: name, creationTimestamp: `2030-01-01T00:00:0${name.length}Z`, generation: 1, ...metadata },
  spec: { replicas: size, selector: { matchLabels: { app: 'web' } }, template: template(name, { [hashLabel]: name }) },
  status: { replicas: size, availableReplicas: available, observedGeneration: 1 },
});

const sizes = (sizings: readonly { readonly set: ReplicaSetObject; readonly to: number }[]): Readonly<Record<string, number>> => Object.fromEntries(sizings.map(({ set: { metadata }, to }) => [metadata.name ?? '', to]));

const limits: readonly [name: string, shape: Shape, surge: number, unavailable: number][] = [
  ['surge is rounded up and unavailable down', { replicas: 10 }, 3, 2],
  ['numbers are taken as they are', { surge: 4, unavailable: 1 }, 4, 1],
  ['nothing may be unavailable when one more may be there', { replicas: 1 }, 1, 0],
  ['something must be allowed to move', { surge: 0, unavailable: '5%' }, 0, 1],
  ['no more can be unavailable than there are', { replicas: 2, surge: 0, unavailable: 5 }, 0, 2],
  ['recreation has no limits', { type: 'Recreate' }, 0, 0],
];
for (const [name, shape, surge, unavailable] of limits) test(`limits: ${name}`, () => { assert.deepEqual(limitsOf(deployment(shape)), { surge, unavailable }); });

test('a first set gets its whole size at once', () => { assert.equal(sizeOfNewest(deployment(), 0, 0), 10); });

const rolling: readonly [name: string, shape: Shape, newest: ReplicaSetObject, old: readonly ReplicaSetObject[], want: Readonly<Record<string, number>>][] = [
  ['the new set rises by the surge', {}, set('new', 0), [set('o', 10)], { new: 3 }],
  ['the new set is never larger than wanted', { replicas: 2, surge: 5 }, set('new', 1), [set('o', 1)], { new: 2 }],
  ['a new set that is too large shrinks', { replicas: 5 }, set('new', 10), [], { new: 5 }],
  ['old ones go as far as enough stay available', {}, set('new', 3, 0), [set('o', 10)], { o: 8 }],
  ['nothing moves while too few are available', {}, set('new', 5, 0), [set('o', 8)], {}],
  ['what is not available goes first, whatever is available', { replicas: 4, surge: 1, unavailable: 0 }, set('new', 1, 1), [set('old', 4, 1)], { old: 3 }],
  ['the oldest set goes first', { replicas: 4, surge: 2, unavailable: 0 }, set('newest', 2, 2), [set('old', 2), set('o', 2)], { o: 0 }],
  ['a rollout that is done rests', {}, set('new', 10), [set('o', 0)], {}],
  ['two sizes are changed at once where there is room', { replicas: 4, surge: 2, unavailable: 0 }, set('newest', 3, 3), [set('old', 1), set('o', 2)], { o: 0 }],
];
for (const [name, shape, newest, old, want] of rolling) test(`rolling: ${name}`, () => { assert.deepEqual(sizes(planRolling(deployment(shape), newest, old)), want); });

const sized = (name: string, size: number, wanted: number, maximum: number, available = size): ReplicaSetObject => set(name, size, available, { annotations: { ...sizeAnnotations(wanted, maximum) } });
const scaling: readonly [name: string, shape: Shape, newest: ReplicaSetObject | undefined, old: readonly ReplicaSetObject[], want: Readonly<Record<string, number>>][] = [
  ['one active set takes it all', { replicas: 12 }, sized('new', 10, 10, 13), [set('o', 0)], { new: 12 }],
  ['with none active the latest takes it all', { replicas: 3 }, set('new', 0), [], { new: 3 }],
  ['a new set that is whole ends the old ones', { replicas: 10 }, sized('new', 10, 10, 13), [set('o', 2)], { o: 0 }],
  ['growth is shared in proportion', { replicas: 20, surge: 0, unavailable: 2 }, sized('new', 5, 10, 10), [sized('o', 5, 10, 10)], { new: 10, o: 10 }],
  ['shrinking is shared in proportion', { replicas: 5, surge: 0, unavailable: 1 }, sized('new', 4, 10, 10), [sized('o', 6, 10, 10)], { o: 3, new: 2 }],
  ['to nothing takes all away', { replicas: 0 }, sized('new', 4, 10, 13), [sized('o', 6, 10, 13)], { o: 0, new: 0 }],
];
for (const [name, shape, newest, old, want] of scaling) test(`scaling: ${name}`, () => { assert.deepEqual(sizes(planScaling(deployment(shape), { newest, old })), want); });

test('a changed size is told from a rollout by what the sets note', () => {
  assert.equal(isScaled(deployment({ replicas: 5 }), [sized('new', 10, 10, 13)]), true);
  assert.equal(isScaled(deployment(), [sized('new', 3, 10, 13), set('o', 7)]), false);
});

test('finds the set of the template, whatever its hash, and the oldest of several', () => {
  const same = (name: string): ReplicaSetObject => ({ ...set(name, 1), spec: { ...set(name, 1).spec, template: template('v2', { [hashLabel]: name }) } });
  assert.equal(familyOf(deployment(), [set('o', 1), same('newer'), same('new')]).newest?.metadata.name, 'new');
});

test('keeps as much history as asked for, and whatever still runs', () => {
  const revision = (name: string, number: number, size = 0): ReplicaSetObject => set(name, size, size, { annotations: { [revisionAnnotation]: String(number) } });
  const old = [revision('ccc', 10), revision('b', 2), revision('aa', 1, 1), revision('dddd', 11)];
  assert.deepEqual(planCleanup(deployment({}, { revisionHistoryLimit: 2 }), old).map(({ metadata }) => metadata.name), ['b']);
  assert.deepEqual(planCleanup(deployment({}), old), []);
});

test('the new set gets the Deployment\'s annotations but not what is the Deployment\'s own, and remembers former revisions', () => {
  const source = deployment();
  source.metadata.annotations = { 'kubernetes.io/change-cause': 'kubectl set image', 'kubectl.kubernetes.io/last-applied-configuration': '{}', [revisionAnnotation]: '3' };
  const annotations = annotationsOfNewest(source, { [revisionAnnotation]: '1' }, 4n);
  assert.deepEqual(annotations, { 'kubernetes.io/change-cause': 'kubectl set image', [revisionAnnotation]: '4', [historyAnnotation]: '1' });
  assert.equal(annotationsOfNewest(source, annotations, 4n), annotations);
});

test('a hash depends on what a template says, not on the order it says it in', () => {
  const reversed = Object.fromEntries(Object.entries(template('v1')).toReversed()) as DeploymentObject['spec']['template'];
  assert.equal(templateHash(template('v1'), undefined), templateHash(reversed, undefined));
  assert.notEqual(templateHash(template('v1'), undefined), templateHash(template('v2'), undefined));
  assert.notEqual(templateHash(template('v1'), undefined), templateHash(template('v1'), 1));
  assert.match(templateHash(template('v1'), undefined), /^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
});
