/** Mounts of the real machine, through mount(8) and umount(8): a call into the kernel would need native code. */
import { type Files, HostError, type MountedMount, type Mounts, type Processes } from './host.ts';

export function realMounts(processes: Processes, files: Files): Mounts {
  return {
    async mount({ source, target, type, options }) {
      const typed = type === '' ? [] : ['-t', type];
      const optioned = options.length === 0 ? [] : ['-o', options.join(',')];
      await processes.check(['mount', ...typed, ...optioned, source, target]);
    },
    async unmount(target) {
      const finished = await processes.run(['umount', target]);
      if (finished.code === 0 || /not mounted|no mount point|not found/.test(finished.stderr)) return;
      throw new HostError(`umount ${target}: ${finished.stderr.trim()}`);
    },
    async list() {
      return parseMountInfo((await files.readText('/proc/self/mountinfo')) ?? '');
    },
  };
}

/** Lines of /proc/self/mountinfo, see proc(5). */
export function parseMountInfo(text: string): readonly MountedMount[] {
  const mounts: MountedMount[] = [];
  for (const line of text.split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const before = left.split(' ');
    const [type, source, superOptions = ''] = right.split(' ');
    const target = before[4];
    if (target === undefined || type === undefined || source === undefined) continue;
    const options = [...new Set([...(before[5] ?? '').split(','), ...superOptions.split(',')])].filter((option) => option !== '');
    mounts.push({ source: unescapeOctal(source), target: unescapeOctal(target), type, options, root: unescapeOctal(before[3] ?? '/') });
  }
  return mounts;
}

/** The kernel writes blanks, tabs and backslashes in paths as three octal digits. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
