import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HostError } from './host.ts';
import { parseMountInfo } from './real-mounts.ts';
import { realProcesses } from './real-processes.ts';

describe('real processes', () => {
  const processes = realProcesses();

  it('gives status, output and errors', async () => {
    assert.deepEqual(await processes.run(['sh', '-c', 'cat; echo bad >&2; exit 3'], { input: 'in' }), { code: 3, stdout: 'in', stderr: 'bad\n' });
  });

  it('gives 128 and the signal when a signal ended it', async () => {
    assert.equal((await processes.run(['sh', '-c', 'kill -9 $$'])).code, 137);
  });

  it('throws what was tried and what it answered', async () => {
    await assert.rejects(processes.check(['sh', '-c', 'echo no >&2; exit 1']), (error) => error instanceof HostError && /status 1: no/.test(error.message));
    await assert.rejects(processes.run(['kaji-no-such-command']), /kaji-no-such-command: command not found/);
  });

  it('ends a command when the signal says so', async () => {
    const stop = new AbortController();
    const running = processes.run(['sleep', '60'], { signal: stop.signal });
    stop.abort(new Error('enough'));
    await assert.rejects(running, /enough/);
  });

  it('starts a child and sees it end', async () => {
    const child = processes.spawn(['sleep', '60']);
    assert.equal(processes.isAlive(child.pid), true);
    child.kill('SIGTERM');
    assert.equal(await child.exited, 143);
    assert.equal(processes.isAlive(child.pid), false);
  });
});

describe('mountinfo', () => {
  it('reads mounts with escapes and optional fields', () => {
    const text = '36 35 98:0 / /mnt/a\\040b rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n';
    assert.deepEqual(parseMountInfo(text), [{ source: '/dev/root', target: '/mnt/a b', type: 'ext3', options: ['rw', 'noatime', 'errors=continue'], root: '/' }]);
  });
});
