/** The command. Compiled code is kept from one run to the next: this must be said before anything large is loaded, and to threads and children. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '../../../node_modules/.cache/kaji');
process.env['NODE_COMPILE_CACHE_PORTABLE'] ??= '1';
enableCompileCache();
const { run } = await import('./run.ts');
process.exitCode = await run(import.meta.filename, process.argv.slice(2));
