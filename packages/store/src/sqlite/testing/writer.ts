/**
 * Writes to a store until it is killed, and says on standard output what was acknowledged: `<turn> <revision>`, a line
 * each. Run as a process: `node writer.ts <path> <first turn> [<turns>]`.
 */
import { writeSync } from 'node:fs';
import { testRuntime } from '@kaji/base/testing';
import { openSqliteStore } from '../sqlite-store.ts';
import { writesOf } from './verify.ts';

const [path = '', first = '0', turns = 'Infinity'] = process.argv.slice(2);
const store = await openSqliteStore(path, testRuntime(), { retention: [{ prefix: '/kept/', keepMs: 3_600_000 }] });
writeSync(1, 'open\n');

/** Several writers at once, so that commits share transactions. */
const writers = 8;
let turn = Number(first);
const end = turn + Number(turns);

async function write(): Promise<void> {
  while (turn < end) {
    const own = turn++;
    const { revision } = await store.commit(writesOf(own), { priority: own % 5 === 0 ? 'background' : 'normal' });
    writeSync(1, `${own} ${revision}\n`);
    if (own % 97 === 0) await store.compact(Math.max(1, revision - 50));
  }
}
await Promise.all(Array.from({ length: writers }, write));
writeSync(1, 'done\n');
await store.close();
