/** The command as the processes of a cluster run it: linked, from files that `up` wrote. */
import { join } from 'node:path';
import { run } from './run.ts';

process.exitCode = await run(process.argv[1] ?? '', process.argv.slice(2), join(import.meta.dirname, '../../..'));
