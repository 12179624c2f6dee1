/**
 * Cuts the power everywhere. A writer's file-system calls are recorded; then the disk is rebuilt as it may look after
 * each of them: what was synced is there, of the rest nothing, everything or a torn part. Each time the log must open
 * and hold whatever had been acknowledged by then.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { type Random, seededStreams } from '@kaji/base';
import { readTrace, type TraceEvent } from './testing/trace.ts';
import { Disk, type Survival } from './testing/disk.ts';
import { type Acknowledged, acknowledgedIn, verify } from './testing/verify.ts';

const turns = Number(process.env['KAJI_STORE_TURNS'] ?? 150);
/** Points in time that are tried, spread over the recording. */
const cuts = Number(process.env['KAJI_STORE_CUTS'] ?? 120);
const hasStrace = spawnSync('strace', ['-V']).status === 0;
const calls = 'pwrite64,write,fsync,fdatasync,ftruncate,openat,unlink,mkdir,rename,close';

function record(folder: string): readonly TraceEvent[] {
  const trace = join(folder, 'trace');
  const argv = ['-f', '-y', '-xx', '-s', '10000000', '-e', `trace=${calls}`, '-o', trace, process.execPath, join(import.meta.dirname, 'testing', 'writer.ts'), join(folder, 'data', 'log.db'), '0', String(turns)];
  const { status, stderr, stdout } = spawnSync('strace', argv, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.equal(acknowledgedIn(stdout).length, turns);
  return readTrace(readFileSync(trace, 'latin1'), join(folder, 'data'));
}

function restore(disk: Disk, folder: string, survival: Survival, random: Random): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [path, content] of disk.afterCrash(survival, random)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

it('the power cut at any moment loses nothing that was acknowledged', { skip: !hasStrace && 'strace is not installed' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaji-power-'));
  const random = seededStreams(7).stream('power');
  try {
    const events = record(folder);
    const every = Math.max(1, Math.floor(events.length / cuts));
    const disk = new Disk();
    const acknowledged: Acknowledged[] = [];
    let tried = 0;
    for (const [index, event] of events.entries()) {
      if (event.type === 'output') acknowledged.push(...acknowledgedIn(event.text));
      else disk.apply(event);
      if (index % every !== 0) continue;
      for (const survival of ['synced', 'everything', 'torn'] as const) {
        const crashed = join(folder, 'crashed');
        restore(disk, crashed, survival, random);
        try {
          verify(join(crashed, 'log.db'), acknowledged);
        } catch (error) {
          throw new Error(`cut after ${index} of ${events.length} calls, ${survival} survived, ${acknowledged.length} acknowledged: ${(error as Error).message}`, { cause: error });
        }
        tried++;
      }
    }
    assert.ok(tried >= cuts && acknowledged.length === turns, `${tried} cuts, ${acknowledged.length} acknowledged`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
