/** The program that holds a pod's namespaces, run for real. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pauseProgram } from '@kaji/bootstrap';
import { realHost } from '@kaji/host';
import { pause } from './fixture.ts';

describe('the pause program', { skip: process.platform === 'linux' ? false : 'needs Linux' }, () => {
  it('waits without using the processor until it is killed', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'kaji-pause-'));
    const path = join(directory, 'pause');
    writeFileSync(path, pauseProgram(realHost().facts.architecture), { mode: 0o755 });
    const child = spawn(path, { stdio: 'ignore' });
    try {
      const ended = new Promise<NodeJS.Signals | null>((resolve) => { child.once('exit', (_, signal) => { resolve(signal); }); });
      await pause(100);
      const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(' ');
      assert.equal(stat[2], 'S', 'it sleeps');
      assert.equal(stat[13], '0', 'it used no time');
      assert.match(readFileSync(`/proc/${child.pid}/status`, 'utf8'), /^SigIgn:\s0000000000010000$/m, 'its children are reaped by the kernel');
      child.kill('SIGKILL');
      assert.equal(await ended, 'SIGKILL');
    } finally {
      child.kill('SIGKILL');
      rmSync(directory, { recursive: true });
    }
  });
});
