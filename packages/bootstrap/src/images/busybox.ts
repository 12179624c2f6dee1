/** Images for tests: busybox, its applets, and a few files. */
import { assert } from '@kaji/base';
import { type Host, realHost } from '@kaji/host';
import { imageArchive, type LayerEntry } from './oci.ts';

/**
 * An OCI archive of an image that holds the machine's static busybox with a link for each applet, and the files given (path to text).
 * The entrypoint is a shell unless another is given.
 */
export async function busyboxArchive(reference: string, files: Readonly<Record<string, string>> = {}, entrypoint: readonly string[] = ['/bin/sh'], host: Host = realHost()): Promise<Uint8Array> {
  const program = await host.files.read('/bin/busybox');
  assert(program !== undefined, '/bin/busybox does not exist: install busybox-static');
  const applets = (await host.processes.check(['/bin/busybox', '--list'])).split('\n').filter((name) => name !== '' && name !== 'busybox');
  const entries: LayerEntry[] = [
    { path: 'bin/busybox', content: program, mode: 0o755 },
    ...applets.map((name) => ({ path: `bin/${name}`, linkTo: 'busybox' })),
    { path: 'etc/passwd', content: new TextEncoder().encode('root:x:0:0:root:/root:/bin/sh\n'), mode: 0o644 },
    { path: 'tmp', isDirectory: true, mode: 0o1777 },
    { path: 'root', isDirectory: true, mode: 0o700 },
    ...Object.entries(files).map(([path, text]) => ({ path: path.replace(/^\/+/, ''), content: new TextEncoder().encode(text), mode: 0o755 })),
  ];
  return imageArchive({ name: reference, architecture: host.facts.architecture, layers: [entries], config: { Entrypoint: entrypoint, Env: ['PATH=/bin'] } });
}
