/** Run for the compiled code that it leaves behind: imports all that the processes of a cluster consist of, and starts nothing. */
import { commands } from './commands/index.ts';

await Promise.all([
  import('./run.ts'),
  ...commands.map((each) => each.load()),
  import('@kaji/cluster/node'),
  import('@kaji/cluster/server'),
  import('@kaji/cluster/thread'),
  import('@kaji/dns'),
  import('@kaji/store/thread'),
]);
