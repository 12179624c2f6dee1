/** Finds what a `subPath` names without leaving its volume, whatever links a container put there. */
import type { Files } from '@kaji/host';
import { VolumeError } from './payload.ts';

/** As the kernel does: more links than this are a loop. */
const maxLinks = 40;

/** The path below `root`, links resolved. Directories that are missing are made. */
export async function resolveWithin(files: Files, root: string, subPath: string): Promise<string> {
  const pending = subPath.split('/').filter((part) => part !== '' && part !== '.');
  const resolved: string[] = [];
  let links = 0;
  while (pending.length > 0) {
    const part = pending.shift() ?? '';
    if (part === '..') {
      if (resolved.pop() === undefined) throw new VolumeError(`subPath "${subPath}" leaves its volume`);
      continue;
    }
    const path = [root, ...resolved, part].join('/');
    const target = await files.readLink(path);
    if (target === undefined) {
      if ((await files.status(path)) === undefined) await files.makeDirectory(path, { mode: 0o750 });
      resolved.push(part);
    } else if (target.startsWith('/')) {
      throw new VolumeError(`subPath "${subPath}" leaves its volume`);
    } else {
      if (++links > maxLinks) throw new VolumeError(`subPath "${subPath}" is a loop of links`);
      pending.unshift(...target.split('/').filter((piece) => piece !== '' && piece !== '.'));
    }
  }
  return [root, ...resolved].join('/');
}
