import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnyResource, ApiObject } from '@kaji/api';
import { deployments } from '@kaji/api/apps/v1';
import { pods, resourcequotas, services } from '@kaji/api/core/v1';
import type { Amounts } from '@kaji/api/quota';
import { plan, type Quota, trackedKinds, usageOf } from './plan.ts';

const kinds = [pods, services, deployments, resourcequotas] as unknown as readonly AnyResource[]; // of any kind
const view = { nowMs: 0, get: () => undefined, list: () => [] };

const quota = (hard: Amounts, status?: object, spec: object = {}): Quota => ({ metadata: { name: 'q', namespace: 'n' }, spec: { hard, ...spec }, status }) as unknown as Quota; // literals of the wire

const pod = (requests: Amounts, more: object = {}): ApiObject => ({ metadata: {}, spec: { containers: [{ name: 'c', resources: { requests } }] }, ...more }) as unknown as ApiObject; // likewise

const observed = (of: Quota, objects: Readonly<Record<string, readonly ApiObject[]>>): Amounts =>
  usageOf(of, new Map(trackedKinds(of, kinds, view).map((kind) => [kind, objects[kind.plural] ?? []])), view);

const counts: readonly (readonly [string, Quota, Readonly<Record<string, readonly ApiObject[]>>, Amounts])[] = [
  ['nothing yet', quota({ pods: '5', 'requests.cpu': '1', 'count/deployments.apps': '2' }), {}, { pods: '0', 'requests.cpu': '0', 'count/deployments.apps': '0' }],
  ['what pods ask for', quota({ pods: '5', cpu: '1', memory: '1Gi' }), { pods: [pod({ cpu: '100m', memory: '100Mi' }), pod({ cpu: '1' })] }, { pods: '2', cpu: '1100m', memory: '100Mi' }],
  ['pods that are over', quota({ pods: '5', 'count/pods': '5' }), { pods: [pod({}), pod({}, { status: { phase: 'Succeeded' } })] }, { pods: '1', 'count/pods': '2' }],
  ['pods in scope', quota({ pods: '5' }, undefined, { scopes: ['NotBestEffort'] }), { pods: [pod({}), pod({ cpu: '1' })] }, { pods: '1' }],
  ['kinds that no scope fits', quota({ 'count/deployments.apps': '5' }, undefined, { scopes: ['BestEffort'] }), { deployments: [pod({})] }, { 'count/deployments.apps': '0' }],
  ['kinds by number', quota({ 'count/deployments.apps': '5', resourcequotas: '1' }), { deployments: [pod({}), pod({})], resourcequotas: [pod({})] }, { 'count/deployments.apps': '2', resourcequotas: '1' }],
  ['names that nobody knows', quota({ 'count/widgets.example.com': '5' }), {}, {}],
];

for (const [name, of, objects, want] of counts) test(`what is used: ${name}`, () => { assert.deepEqual(observed(of, objects), want); });

const plans: readonly (readonly [string, Quota, Amounts, boolean, ReturnType<typeof plan>])[] = [
  ['a new quota', quota({ pods: '5' }), { pods: '2' }, false, { status: { hard: { pods: '5' }, used: { pods: '2' } }, isWaiting: false }],
  ['one that is right', quota({ pods: '5' }, { hard: { pods: '5000m' }, used: { pods: '2' } }), { pods: '2' }, false, { status: undefined, isWaiting: false }],
  ['more than was booked', quota({ pods: '5' }, { hard: { pods: '5' }, used: { pods: '2' } }), { pods: '3' }, false, { status: { hard: { pods: '5' }, used: { pods: '3' } }, isWaiting: false }],
  ['less than was booked, just now', quota({ pods: '5' }, { hard: { pods: '5' }, used: { pods: '2' } }), { pods: '1' }, false, { status: undefined, isWaiting: true }],
  ['less than was booked, a while ago', quota({ pods: '5' }, { hard: { pods: '5' }, used: { pods: '2' } }), { pods: '1' }, true, { status: { hard: { pods: '5' }, used: { pods: '1' } }, isWaiting: false }],
  ['other limits, and less used just now', quota({ pods: '6', services: '1' }, { hard: { pods: '5' }, used: { pods: '2' } }), { pods: '1', services: '0' }, false, { status: { hard: { pods: '6', services: '1' }, used: { pods: '2', services: '0' } }, isWaiting: true }],
  ['a limit less', quota({ pods: '5' }, { hard: { pods: '5', services: '1' }, used: { pods: '2', services: '1' } }), { pods: '2' }, false, { status: { hard: { pods: '5' }, used: { pods: '2' } }, isWaiting: false }],
  ['a name that others count', quota({ 'count/widgets.example.com': '5' }, { hard: { 'count/widgets.example.com': '5' }, used: { 'count/widgets.example.com': '3' } }), {}, true, { status: undefined, isWaiting: false }],
  ['no limits at all', quota({}), {}, false, { status: undefined, isWaiting: false }],
];

for (const [name, of, used, isSettled, want] of plans) test(`the status of a quota: ${name}`, () => { assert.deepEqual(plan(of, used, isSettled), want); });
