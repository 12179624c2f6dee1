/** Files that a component cannot start without. */
import { type Host, HostError } from '@kaji/host';
import { DecodeError, parseYaml } from '@kaji/schema';

export async function readNeeded(host: Host, path: string): Promise<string> {
  const text = await host.files.readText(path);
  if (text === undefined) throw new HostError(`${path} does not exist`);
  return text;
}

export async function readNeededYaml(host: Host, path: string): Promise<unknown> {
  const text = await readNeeded(host, path);
  try {
    return parseYaml(text).value;
  } catch (error) {
    if (error instanceof DecodeError) throw new HostError(`${path} cannot be read: ${error.message}`, { cause: error });
    throw error;
  }
}
