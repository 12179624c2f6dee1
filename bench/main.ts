/** `npm run bench [name ...] [-- --json FILE]`: one file a question, figures as a table and, asked for, as JSON. */
import { writeFileSync } from 'node:fs';
import { api } from './api.ts';
import { badInput } from './bad-input.ts';
import { cluster } from './cluster.ts';
import { objects } from './objects.ts';
import { proxy } from './proxy.ts';
import { quota } from './quota.ts';
import { type Benchmark, print, type Row } from './report.ts';
import { rules } from './rules.ts';
import { store } from './store.ts';

const benchmarks: readonly Benchmark[] = [store, api, objects, quota, rules, badInput, cluster, proxy];

const jsonIndex = process.argv.indexOf('--json');
const jsonFile = jsonIndex === -1 ? undefined : process.argv[jsonIndex + 1];
const wanted = process.argv.slice(2, jsonIndex === -1 ? undefined : jsonIndex);
const results: Record<string, readonly Row[]> = {};
for (const benchmark of benchmarks) {
  if (wanted.length > 0 && !wanted.includes(benchmark.name)) continue;
  process.stdout.write(`\n${benchmark.name}\n`);
  const rows = await benchmark.run();
  print(rows);
  results[benchmark.name] = rows;
}
if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(results, undefined, 2)}\n`);
