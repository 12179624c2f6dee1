/** What a log must hold after a crash, whatever was going on. */
import assert from 'node:assert/strict';
import { Horizons } from '../../horizons.ts';
import type { Write } from '../../store.ts';
import { revisionOf, SqliteLog } from '../log.ts';
import { openDatabase, positionBits } from '../schema.ts';

export interface Acknowledged {
  readonly turn: number;
  readonly revision: number;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Two keys that are written together, over and over, and one that is written once. The values are long, so that writes span pages. */
export function writesOf(turn: number): Write[] {
  const value = bytes(`${turn} `.repeat(1 + ((turn * 37) % 700)));
  return [{ op: 'put', key: `/kept/${turn % 40}`, value }, { op: 'put', key: `/left/${turn % 40}`, value }, { op: 'put', key: `/once/${turn}`, value: bytes(String(turn)) }];
}

/** Opens what a crash left and throws unless every acknowledged write is there, whole, and nothing contradicts itself. */
export function verify(path: string, acknowledged: readonly Acknowledged[]): void {
  const database = openDatabase(path);
  try {
    const horizons = database.prepare('SELECT prefix, revision FROM horizon').all() as unknown as { prefix: string; revision: number }[]; // the statement's columns
    const log = new SqliteLog(database, new Horizons([{ prefix: '/kept/', keepMs: 1 }], new Map(horizons.map(({ prefix, revision }) => [prefix, revision]))));
    const last = Math.max(1, ...acknowledged.map(({ revision }) => revision));
    assert.ok(log.revision >= last, `revision ${log.revision} is behind the acknowledged ${last}`);
    for (const { turn, revision } of acknowledged) {
      const found = log.version(`/once/${turn}`, revision);
      assert.ok(found !== undefined && revisionOf(found.position) === revision, `turn ${turn}, acknowledged at revision ${revision}, is lost`);
    }
    const [integrity] = database.prepare('PRAGMA integrity_check').all();
    assert.deepEqual({ ...integrity }, { integrity_check: 'ok' });
    const heads = database.prepare('SELECT head.key, head.position, max(log.position) AS newest FROM head LEFT JOIN log USING (key) GROUP BY head.key').all() as unknown as { key: string; position: number; newest: number }[]; // the statement's columns
    for (const { key, position, newest } of heads) assert.equal(position, newest, `${key} points at a revision that is not its newest`);
    const pairs = database.prepare(`SELECT position / ${positionBits} AS revision, count(*) AS count FROM log WHERE position >= ? GROUP BY revision HAVING count <> 3`).all(horizons.reduce((most, { revision }) => Math.max(most, revision), 0) * positionBits + positionBits);
    assert.deepEqual(pairs, [], 'a commit is whole or not there');
  } finally {
    database.close();
  }
}

/** Reads what the writer said; an unfinished last line was not said. */
export function acknowledgedIn(output: string): Acknowledged[] {
  const lines = output.slice(0, output.lastIndexOf('\n') + 1).split('\n');
  return lines.flatMap((line) => {
    const [, turn, revision] = /^(\d+) (\d+)$/.exec(line) ?? [];
    return turn === undefined || revision === undefined ? [] : [{ turn: Number(turn), revision: Number(revision) }];
  });
}
