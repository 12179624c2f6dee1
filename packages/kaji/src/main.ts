/** The command. Compiled code is kept from one run to the next, which must be said before anything large is loaded. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/kaji'));
const { run } = await import('./run.ts');
process.exitCode = await run(import.meta.filename, process.argv.slice(2));
