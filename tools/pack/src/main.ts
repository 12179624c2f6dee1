/** `node tools/pack/src/main.ts [DIRECTORY]`: writes the npm package of the project there (or here) and says where. */
import { join, resolve } from 'node:path';
import { pack } from './pack.ts';

process.stdout.write(`${pack(join(import.meta.dirname, '../../..'), resolve(process.argv[2] ?? '.'))}\n`);
