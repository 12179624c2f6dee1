import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { describeStore } from '../testing.ts';
import { openSqliteStore } from './sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'kaji-store-'));
after(() => { rmSync(folder, { recursive: true }); });
let count = 0;

describeStore('sqlite', (runtime, retention) => openSqliteStore(join(folder, `${count++}`, 'log.db'), runtime, { retention }), { runs: 15 });
