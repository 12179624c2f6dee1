/** `node tools/link/src/main.ts DIRECTORY`: writes what the processes of a cluster consist of into files there. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { link } from './link.ts';

const output = process.argv[2];
if (output === undefined) throw new Error('say where the linked files go: node tools/link/src/main.ts DIRECTORY');
await link({ entry: join(import.meta.dirname, '../../../packages/kaji/src/linked-main.ts'), output });
writeFileSync(join(output, 'package.json'), '{ "type": "module" }\n');
