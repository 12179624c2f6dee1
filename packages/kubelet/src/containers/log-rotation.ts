/** Keeps the logs of running containers below their size: the runtime is told to write into a new file. */
import { type ContainerRuntime, isNotFound } from '@kaji/cri';
import type { Files } from '@kaji/host';

export interface RotationSettings {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

export async function rotateLog(files: Files, cri: ContainerRuntime, container: { readonly id: string; readonly logPath: string }, settings: RotationSettings, now: number): Promise<void> {
  const { logPath } = container;
  const size = (await files.status(logPath))?.sizeBytes ?? 0;
  if (size < settings.maxBytes) return;
  const slash = logPath.lastIndexOf('/');
  const [directory, name] = [logPath.slice(0, slash), logPath.slice(slash + 1)];
  const rotated = (await files.list(directory)).filter((other) => other.startsWith(`${name}.`)).sort();
  // the file written to now and the one about to be rotated count, too
  for (const old of rotated.slice(0, Math.max(0, rotated.length - (settings.maxFiles - 2)))) await files.remove(`${directory}/${old}`);
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+Z/g, '').replace('T', '-');
  await files.rename(logPath, `${logPath}.${stamp}`);
  try {
    await cri.reopenLog(container.id);
  } catch (error) {
    if (isNotFound(error)) return;
    await files.rename(`${logPath}.${stamp}`, logPath); // the runtime still writes there
    throw error;
  }
}
