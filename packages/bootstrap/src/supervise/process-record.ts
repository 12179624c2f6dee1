/** Which processes a cluster has, in a file that outlives them. A process id alone may by now be somebody else's: its start time tells. */
import type { Host } from '@kaji/host';

export interface ProcessRecord {
  readonly component: 'supervise' | 'server' | 'containerd' | 'node';
  /** The node it belongs to. */
  readonly node?: string;
  readonly pid: number;
  /** When it started, in the kernel's ticks since boot. */
  readonly startTicks: string;
  readonly restarts: number;
}

/** Of a process that lives; undefined when there is none of that id, or only a zombie. */
export async function startTicksOf(host: Host, pid: number): Promise<string | undefined> {
  const stat = await host.files.readText(`/proc/${pid}/stat`).catch(() => undefined); // ESRCH: it ended while being read
  // The second field is the program's name in parentheses, which may itself hold blanks and parentheses.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

export async function isAlive(host: Host, record: ProcessRecord): Promise<boolean> {
  return (await startTicksOf(host, record.pid)) === record.startTicks;
}

/** Those of the file that still live. */
export async function livingProcesses(host: Host, path: string): Promise<readonly ProcessRecord[]> {
  const text = await host.files.readText(path);
  if (text === undefined || text === '') return [];
  const living: ProcessRecord[] = [];
  for (const record of JSON.parse(text) as readonly ProcessRecord[]) if (await isAlive(host, record)) living.push(record);
  return living;
}
