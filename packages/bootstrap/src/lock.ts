/** One command at a time changes a cluster. */
import { type Host, HostError } from '@kaji/host';
import { dataRoot } from './layout.ts';
import { startTicksOf } from './supervise/process-record.ts';

/** Runs `work` while no other process of this machine does so for the same cluster. A lock whose holder died is taken over. */
export async function withClusterLock<T>(host: Host, cluster: { readonly name: string; readonly processId: number }, work: () => Promise<T>): Promise<T> {
  const { name, processId } = cluster;
  const path = `${dataRoot}/.${name}.lock`;
  await host.files.makeDirectory(dataRoot);
  const own = `${processId}-${(await startTicksOf(host, processId)) ?? ''}`;
  for (;;) {
    try {
      await host.files.symlink(own, path); // made by one process only, and it names its holder
      break;
    } catch (error) {
      const holder = await host.files.readLink(path);
      if (holder === undefined) throw error;
      const [pid = '', ticks] = holder.split('-');
      if ((await startTicksOf(host, Number(pid))) === ticks) throw new HostError(`another command (process ${pid}) is working on cluster ${name}; wait until it has ended`);
      await host.files.remove(path);
    }
  }
  try {
    return await work();
  } finally {
    await host.files.remove(path);
    await host.processes.run(['rmdir', dataRoot]); // only when nothing else is there
  }
}
