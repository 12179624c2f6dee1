/** Reads what strace recorded of a writer: changes of the files below one folder, syncs, and what was said on standard output. */

/** Paths are relative to the folder, which itself is the empty path. */
export type TraceEvent =
  | { readonly type: 'create'; readonly path: string }
  | { readonly type: 'unlink'; readonly path: string }
  | { readonly type: 'write'; readonly path: string; readonly offset: number; readonly data: Buffer }
  | { readonly type: 'truncate'; readonly path: string; readonly size: number }
  /** `covers`: how many of the file's changes that were not synced yet had been made when the sync began. */
  | { readonly type: 'sync'; readonly path: string; readonly covers: number }
  | { readonly type: 'output'; readonly text: string };

interface Call {
  readonly name: string;
  readonly rest: string;
}

/** Calls take effect when they return, but a sync covers only what had returned before it began; and what is said counts from the moment its call begins. */
export function readTrace(trace: string, folder: string): TraceEvent[] {
  const events: TraceEvent[] = [];
  const begun = new Map<string, Call>();
  const pending = new Map<string, number>();
  const covered = new Map<string, { readonly path: string; readonly count: number }>();
  for (const line of trace.split('\n')) {
    const [, pid = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    const start = /^(\w+)\((.*)$/.exec(text);
    const isUnfinished = text.endsWith('<unfinished ...>');
    if (start !== null) {
      const call = { name: start[1] ?? '', rest: (start[2] ?? '').replace(/ *<unfinished \.\.\.>$/, '') };
      begun.set(pid, call);
      if (isSync(call)) covered.set(pid, { path: pathOf(call, folder) ?? '?', count: pending.get(pathOf(call, folder) ?? '?') ?? 0 });
      if (call.name === 'write' && call.rest.startsWith('1<')) events.push({ type: 'output', text: unescape(dataOf(call.rest)).toString('latin1') });
    }
    if (isUnfinished) continue;
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text);
    const call = begun.get(pid);
    if (call === undefined || (start === null && resumed === null)) continue;
    begun.delete(pid);
    const whole = { name: call.name, rest: resumed === null ? call.rest : call.rest + (resumed[1] ?? '') };
    const event = isSync(call) ? syncEvent(whole, covered.get(pid)) : finished(whole, folder);
    if (event === undefined) continue;
    if (event.type === 'write' || event.type === 'truncate') pending.set(event.path, (pending.get(event.path) ?? 0) + 1);
    if (event.type === 'sync') discount(event, pending, covered);
    if (event.type === 'unlink') pending.delete(event.path);
    events.push(event);
  }
  return events;
}

const isSync = ({ name }: Call): boolean => name === 'fsync' || name === 'fdatasync';

function syncEvent({ rest }: Call, of: { readonly path: string; readonly count: number } | undefined): TraceEvent | undefined {
  return of === undefined || of.path === '?' || !rest.endsWith('= 0') ? undefined : { type: 'sync', path: of.path, covers: of.count };
}

/** Two syncs of a file may run at once: what the first covered is no longer there for the second. */
function discount(event: Extract<TraceEvent, { type: 'sync' }>, pending: Map<string, number>, covered: Map<string, { readonly path: string; readonly count: number }>): void {
  pending.set(event.path, (pending.get(event.path) ?? 0) - event.covers);
  for (const [pid, of] of covered) if (of.path === event.path) covered.set(pid, { path: of.path, count: Math.max(0, of.count - event.covers) });
}

function finished(call: Call, folder: string): TraceEvent | undefined {
  const { name, rest } = call;
  const result = Number(/\) += (-?\d+)[^"]*$/.exec(rest)?.[1] ?? -1);
  const path = pathOf(call, folder);
  if (result < 0 || path === undefined) return undefined;
  switch (name) {
    case 'pwrite64': {
      const [, offset = '0'] = /, (\d+)\) += /.exec(rest) ?? [];
      return { type: 'write', path, offset: Number(offset), data: unescape(dataOf(rest)).subarray(0, result) };
    }
    case 'ftruncate': return { type: 'truncate', path, size: Number(/, (\d+)\)/.exec(rest)?.[1] ?? 0) };
    case 'openat': return rest.includes('O_CREAT') ? { type: 'create', path } : undefined;
    case 'unlink': return { type: 'unlink', path };
    case 'write': throw new Error(`a plain write to ${path}: its offset is not known`);
    default: return undefined;
  }
}

/** The file a call is about, below the folder; undefined for any other. */
function pathOf({ name, rest }: Call, folder: string): string | undefined {
  const named = name === 'unlink' ? unescape(dataOf(rest)).toString() : name === 'openat' ? unescape(/, "([^"]*)"/.exec(rest)?.[1] ?? '').toString() : plain(/^\d+<([^>]*)>/.exec(rest)?.[1] ?? '');
  if (named === folder) return '';
  return named.startsWith(`${folder}/`) ? named.slice(folder.length + 1) : undefined;
}

const dataOf = (rest: string): string => /"([^"]*)"/.exec(rest)?.[1] ?? '';

const unescape = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');

/** Descriptors' paths may be written plainly or escaped. */
const plain = (text: string): string => (text.startsWith('\\x') ? unescape(text).toString() : text);
