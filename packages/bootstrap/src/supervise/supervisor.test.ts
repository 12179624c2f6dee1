import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { testRuntime } from '@kaji/base/testing';
import { simulatedHost, type SimulatedHost } from '@kaji/host/testing';
import type { ProcessRecord } from './process-record.ts';
import { type Component, Supervisor } from './supervisor.ts';

const server: Component = { component: 'server', argv: ['kaji', 'server'], logFile: '/logs/server.log' };
const containerd: Component = { component: 'containerd', node: 'node-1', argv: ['containerd'], logFile: '/logs/containerd.log' };
const recordsPath = '/run/processes.json';

/** /proc as the supervisor reads it: a process of the simulated host lives while nobody ended it. */
async function started(components: readonly Component[], before: readonly ProcessRecord[] = []): Promise<{ runtime: ReturnType<typeof testRuntime>; host: SimulatedHost; supervisor: Supervisor }> {
  const runtime = testRuntime();
  const host = simulatedHost({ clock: runtime.clock });
  await host.files.makeDirectory('/run');
  const spawn = host.processes.spawn.bind(host.processes);
  const writes: Promise<unknown>[] = [];
  Object.assign(host.processes, {
    spawn(argv: readonly string[]) {
      const child = spawn(argv);
      const path = `/proc/${child.pid}/stat`;
      writes.push(host.files.makeDirectory(`/proc/${child.pid}`), host.files.write(path, stat(child.pid)));
      void child.exited.then(() => host.files.remove(path));
      return child;
    },
  });
  await host.files.write(recordsPath, JSON.stringify(before));
  return { runtime, host, supervisor: new Supervisor(runtime, host, { components, recordsPath, ownPid: 1 }) };
}

const stat = (pid: number): string => `${pid} (a (strange) name) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 0`;
const records = async (host: SimulatedHost): Promise<readonly ProcessRecord[]> => JSON.parse((await host.files.readText(recordsPath)) ?? '[]') as ProcessRecord[];

describe('the supervisor', () => {
  it('starts every component and writes down its process', async () => {
    const { runtime, host, supervisor } = await started([server, containerd]);
    const stop = new AbortController();
    const running = supervisor.run(stop.signal);
    await runtime.clock.advance(10);
    assert.deepEqual(host.spawned.map((process) => process.argv), [['kaji', 'server'], ['containerd']]);
    assert.deepEqual((await records(host)).map(({ component, pid, startTicks }) => [component, pid, startTicks]), [['supervise', 1, ''], ['server', 1000, '4711'], ['containerd', 1001, '4711']]);
    stop.abort();
    for (const process of host.spawned) process.end(0);
    await runtime.clock.advance(100);
    await running;
    assert.equal(await host.files.status(recordsPath), undefined);
  });

  it('starts an ended component again, at once at first, later and later when it keeps ending', async () => {
    const { runtime, host, supervisor } = await started([server]);
    const stop = new AbortController();
    const running = supervisor.run(stop.signal);
    const delays: number[] = [];
    await runtime.clock.advance(1);
    for (let index = 0; index < 9; index++) {
      host.spawned.at(-1)?.end(1);
      const from = runtime.clock.now();
      while (host.spawned.length === index + 1) await runtime.clock.advance(10);
      delays.push(runtime.clock.now() - from);
    }
    assert.deepEqual(delays, [50, 100, 200, 400, 800, 1600, 3200, 6400, 10_000]);
    assert.equal((await records(host)).find((record) => record.component === 'server')?.restarts, 9);
    await runtime.clock.advance(25_000);
    host.spawned.at(-1)?.end(1);
    await runtime.clock.advance(60);
    assert.equal(host.spawned.length, 11, 'one that ran well is started at once');
    stop.abort();
    host.spawned.at(-1)?.end(0);
    await runtime.clock.advance(100);
    await running;
  });

  it('takes over what a dead supervisor left, and starts only what ended', async () => {
    const left: ProcessRecord = { component: 'server', pid: 500, startTicks: '4711', restarts: 2 };
    const { runtime, host, supervisor } = await started([server, containerd], [left, { component: 'containerd', node: 'node-1', pid: 501, startTicks: '1', restarts: 0 }]);
    await host.files.makeDirectory('/proc/500');
    await host.files.write('/proc/500/stat', stat(500));
    await host.files.makeDirectory('/proc/501'); // a process id that now is somebody else's
    await host.files.write('/proc/501/stat', stat(501));
    const stop = new AbortController();
    const running = supervisor.run(stop.signal);
    await runtime.clock.advance(10);
    assert.deepEqual(host.spawned.map((process) => process.argv), [['containerd']]);
    await host.files.remove('/proc/500/stat');
    await runtime.clock.advance(400);
    assert.deepEqual(host.spawned.map((process) => process.argv), [['containerd'], ['kaji', 'server']]);
    assert.equal((await records(host)).find((record) => record.component === 'server')?.restarts, 3);
    stop.abort();
    for (const process of host.spawned) process.end(0);
    await runtime.clock.advance(100);
    await running;
  });
});
