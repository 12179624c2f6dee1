import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Event, events, type Node, nodes, type Pod, pods, type ServiceAccount, serviceaccounts } from '@kaji/api/core/v1';
import { isReason } from '@kaji/api';
import { priorityclasses, type PriorityClass } from '@kaji/api/scheduling/v1';
import { startTestServer } from '@kaji/apiserver/testing';
import type { VirtualClock } from '@kaji/base';
import { testRuntime } from '@kaji/base/testing';
import { type Client, createClient } from '@kaji/client';
import { schedulerConfiguration } from './configuration.ts';
import { Scheduler } from './scheduler.ts';

interface Stage {
  readonly client: Client;
  readonly clock: VirtualClock;
  readonly scheduler: Scheduler;
  /** Moves the clock until it holds. */
  until(holds: () => Promise<boolean>): Promise<void>;
}

const withoutElection = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration', leaderElection: { leaderElect: false } };

async function onStage(run: (stage: Stage) => Promise<void>, wrap: (client: Client) => Client = (client) => client): Promise<void> {
  const runtime = testRuntime();
  const { clock } = runtime;
  await using server = await startTestServer({ runtime });
  const client = createClient(server.transport(), { userAgent: 'test' });
  await client.create(serviceaccounts, { metadata: { name: 'default', namespace: 'default' } } as unknown as ServiceAccount); // without it no pod is let in
  const scheduler = new Scheduler(runtime, { client: wrap(client), identity: 'test' }, schedulerConfiguration(withoutElection));
  const controller = new AbortController();
  const running = scheduler.run(controller.signal);
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; tries < 200; tries++) {
      if (await holds()) return;
      await clock.advance(100);
    }
    assert.fail('it did not come to pass');
  };
  try {
    await run({ client, clock, scheduler, until });
  } finally {
    controller.abort();
    await running;
  }
}

/** As the node life-cycle controller leaves it: new nodes are tainted until they are ready. */
async function addNode(client: Client, name: string, cpu?: string): Promise<void> {
  await client.create(nodes, node(name, cpu));
  await client.patch(nodes, { namespace: '', name }, { type: 'merge', body: { spec: { taints: null } } });
}

const node = (name: string, cpu = '2'): Node => ({ metadata: { name }, spec: {}, status: { capacity: { cpu, memory: '4Gi', pods: '110' }, allocatable: { cpu, memory: '4Gi', pods: '110' } } }) as unknown as Node; // what a kubelet would send
const pod = (name: string, cpu = '100m'): Pod => ({ metadata: { name, namespace: 'default' }, spec: { containers: [{ name: 'web', image: 'web:1', resources: { requests: { cpu } } }] } }) as unknown as Pod; // as a user would send it

describe('the scheduler beside an API server', () => {
  const nodeOf = async (client: Client, name: string): Promise<string> => (await client.get(pods, { namespace: 'default', name })).spec.nodeName ?? '';

  it('binds pods, spread over the nodes, and says so', () => onStage(async ({ client, until }) => {
    for (const name of ['a', 'b']) await addNode(client, name);
    for (let index = 0; index < 6; index++) await client.create(pods, pod(`web-${index}`));
    const places = (): Promise<string[]> => Promise.all(Array.from({ length: 6 }, (_, index) => nodeOf(client, `web-${index}`)));
    await until(async () => (await places()).every((place) => place !== ''));
    assert.deepEqual((await places()).sort(), ['a', 'a', 'a', 'b', 'b', 'b']);
    let said: readonly Event[] = [];
    await until(async () => {
      said = (await client.list(events, { namespace: 'default' })).items;
      return said.length === 6;
    });
    assert.match(said[0]?.message ?? '', /^Successfully assigned default\/web-\d to [ab]$/);
    const condition = (await client.get(pods, { namespace: 'default', name: 'web-0' })).status?.conditions?.find(({ type }) => type === 'PodScheduled');
    assert.equal(condition?.status, 'True');
  }));

  it('tells a pod why it fits nowhere, and places it once there is room', () => onStage(async ({ client, until, scheduler }) => {
    await addNode(client, 'a', '1');
    const first = await client.create(pods, pod('first', '800m'));
    await until(async () => (await nodeOf(client, 'first')) === 'a');
    const second = await client.create(pods, pod('second', '500m'));
    const message = '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';
    await until(async () => {
      const condition = (await client.get(pods, { namespace: 'default', name: 'second' })).status?.conditions?.find(({ type }) => type === 'PodScheduled');
      return condition?.status === 'False' && condition.reason === 'Unschedulable' && condition.message === message;
    });
    const [attempt] = scheduler.attempts.of(second.metadata.uid ?? '');
    assert.deepEqual([...(attempt?.rejections ?? [])].map(([name, { plugin, reasons }]) => [name, plugin, reasons]), [['a', 'NodeResourcesFit', ['Insufficient cpu']]]);
    await client.delete(pods, { namespace: 'default', name: 'first' }, { gracePeriodSeconds: 0, uid: first.metadata.uid ?? '' });
    await until(async () => (await nodeOf(client, 'second')) === 'a');
  }));

  it('makes room for a pod that matters more, and gives it that room', () => onStage(async ({ client, until }) => {
    await client.create(priorityclasses, { metadata: { name: 'important' }, value: 1000 } as unknown as PriorityClass);
    await addNode(client, 'a', '1');
    await client.create(pods, pod('lesser', '800m'));
    await until(async () => (await nodeOf(client, 'lesser')) === 'a');
    const important = pod('important', '800m');
    await client.create(pods, { ...important, spec: { ...important.spec, priorityClassName: 'important' } });
    await until(async () => (await client.get(pods, { namespace: 'default', name: 'lesser' })).metadata.deletionTimestamp !== undefined);
    await client.create(pods, pod('another', '800m'));
    const lesser = await client.get(pods, { namespace: 'default', name: 'lesser' });
    assert.equal(lesser.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')?.reason, 'PreemptionByScheduler');
    await client.delete(pods, { namespace: 'default', name: 'lesser' }, { gracePeriodSeconds: 0 });
    await until(async () => (await nodeOf(client, 'important')) === 'a');
    assert.equal(await nodeOf(client, 'another'), '');
  }));

  it('frees what it took for a pod that was deleted while it was bound, and for one that somebody else bound', () => {
    let beforeBinding: ((name: string) => Promise<void>) | undefined;
    const slowly = (client: Client): Client => new Proxy(client, {
      get: (target, property) => {
        if (property !== 'post') return Reflect.get(target, property).bind?.(target) ?? Reflect.get(target, property);
        return async (...sent: Parameters<Client['post']>) => {
          await beforeBinding?.(sent[1].name);
          return target.post(...sent);
        };
      },
    });
    return onStage(async ({ client, until }) => {
      beforeBinding = async (name) => {
        if (name === 'deleted') await client.delete(pods, { namespace: 'default', name }, { gracePeriodSeconds: 0 });
        if (name === 'taken') await client.post(pods, { namespace: 'default', name }, 'binding', { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target: { kind: 'Node', name: 'elsewhere' } });
      };
      await addNode(client, 'a', '1');
      await client.create(pods, pod('deleted', '800m'));
      await until(async () => client.get(pods, { namespace: 'default', name: 'deleted' }).then(() => false, (error: unknown) => isReason(error, 'NotFound')));
      await client.create(pods, pod('taken', '800m'));
      await until(async () => (await nodeOf(client, 'taken')) === 'elsewhere');
      await client.create(pods, pod('third', '800m'));
      await until(async () => (await nodeOf(client, 'third')) === 'a');
    }, slowly);
  });
});
