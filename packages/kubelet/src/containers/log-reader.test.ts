import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '@kaji/base';
import { SimulatedFiles } from '@kaji/host/testing';
import { lastOutput, type LogOptions, readLog } from './log-reader.ts';

const path = '/logs/0.log';
const text = [
  '2030-01-01T00:00:01.000000000Z stdout F one', '2030-01-01T00:00:02.000000000Z stderr F two', '2030-01-01T00:00:03.000000000Z stdout P thr', '2030-01-01T00:00:03.000000001Z stdout F ee',
  '2030-01-01T00:00:04.000000000Z stdout F four', '',
].join('\n');

async function world(content: string) {
  const clock = new VirtualClock();
  const files = new SimulatedFiles(clock);
  await files.makeDirectory('/logs');
  await files.write(path, content);
  return { clock, files };
}

async function read(content: string, options: LogOptions): Promise<string> {
  const { clock, files } = await world(content);
  let out = '';
  for await (const part of readLog(files, path, options, { isRunning: () => false, signal: new AbortController().signal, clock })) out += Buffer.from(part).toString('utf8');
  return out;
}

const cases: readonly (readonly [name: string, options: LogOptions, want: string])[] = [
  ['everything, parts of lines joined', {}, 'one\ntwo\nthree\nfour\n'],
  ['times, one for a line', { timestamps: true, tailLines: 3 }, '2030-01-01T00:00:03.000000000Z three\n2030-01-01T00:00:04.000000000Z four\n'],
  ['the last lines', { tailLines: 1 }, 'four\n'],
  ['none of the lines', { tailLines: 0 }, ''],
  ['more lines than there are', { tailLines: 99 }, 'one\ntwo\nthree\nfour\n'],
  ['lines since a time', { sinceMs: Date.UTC(2030, 0, 1, 0, 0, 3) }, 'three\nfour\n'],
  ['one stream', { stream: 'stderr' }, 'two\n'],
  ['so many bytes', { limitBytes: 6 }, 'one\ntw'],
];
for (const [name, options, want] of cases) test(`reads ${name}`, async () => { assert.equal(await read(text, options), want); });

test('passes over what is not in the form, and a last line not yet whole', async () => {
  assert.equal(await read('garbage\n2030-01-01T00:00:01Z stdout F ok\n2030-01-01T00:00:01Z stdout F ha', {}), 'ok\n');
});

test('the end of a long log, over several chunks', async () => {
  const long = Array.from({ length: 5000 }, (_, index) => `2030-01-01T00:00:01.000000000Z stdout F line ${index}\n`).join('');
  assert.equal(await read(long, { tailLines: 2 }), 'line 4998\nline 4999\n');
  const { clock, files } = await world(long);
  assert.equal(await lastOutput(files, path, 80, 20, clock), 'line 4998\nline 4999\n'.slice(-20));
});

test('follows a log through its rotation until the container has ended', async () => {
  const { clock, files } = await world('2030-01-01T00:00:01Z stdout F one\n');
  let isRunning = true;
  let out = '';
  const reading = (async () => {
    for await (const part of readLog(files, path, { follow: true }, { isRunning: () => isRunning, signal: new AbortController().signal, clock })) out += Buffer.from(part).toString('utf8');
  })();
  await clock.advance(1000);
  await files.append(path, '2030-01-01T00:00:02Z stdout F two\n');
  await clock.advance(1000);
  await files.rename(path, `${path}.1`);
  await files.write(path, '2030-01-01T00:00:03Z stdout F 3\n');
  await clock.advance(2000);
  isRunning = false;
  await clock.advance(2000);
  await reading;
  assert.equal(out, 'one\ntwo\n3\n');
});
