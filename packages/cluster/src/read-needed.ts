/** Files that a component cannot start without. */
import { type Host, HostError } from '@kaji/host';

export async function readNeeded(host: Host, path: string): Promise<string> {
  const text = await host.files.readText(path);
  if (text === undefined) throw new HostError(`${path} does not exist`);
  return text;
}
