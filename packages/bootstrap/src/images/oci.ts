/** Images in the OCI layout, as one tar archive: what `ctr images import` and `docker load` take. */
import { createHash } from 'node:crypto';
import type { Files } from '@kaji/host';
import { createTarPacker, packTar, type TarHeader } from 'modern-tar';

/** A file, directory or symlink of a layer. Paths have no leading slash. */
export type LayerEntry =
  | { readonly path: string; readonly content: Uint8Array; readonly mode: number }
  | { readonly path: string; readonly linkTo: string }
  | { readonly path: string; readonly isDirectory: true; readonly mode: number };

/** What a container of the image starts with: the Docker names, as in the OCI image specification. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
}

export interface Image {
  /** With its registry and tag: `localhost/kaji/pause:1`. */
  readonly name: string;
  /** Go's name: amd64, arm64. */
  readonly architecture: string;
  readonly layers: readonly (readonly LayerEntry[])[];
  readonly config: ImageConfig;
}

interface Blob {
  readonly digest: string;
  readonly content: Uint8Array;
}

/** Everything built has this time, so that the same content always has the same digest. */
const epoch = new Date(0);

/** Writes the archive of an image into a file that appears whole. */
export async function writeImageArchive(files: Files, path: string, image: Image): Promise<void> {
  await writeArchive(files, path, await archiveEntries(image));
}

/** The archive of a small image, in memory. */
export async function imageArchive(image: Image): Promise<Uint8Array> {
  const entries = await archiveEntries(image);
  return packTar(entries.map(([name, content]) => ({ header: { name, size: content.length, type: 'file', mode: 0o644, mtime: epoch }, body: content })));
}

async function archiveEntries(image: Image): Promise<readonly (readonly [string, Uint8Array])[]> {
  const layers: Blob[] = [];
  for (const entries of image.layers) layers.push(blob(await packTar(withParents(entries).map(tarEntry))));
  const config = blob(json({
    architecture: image.architecture,
    os: 'linux',
    created: epoch.toISOString(),
    config: image.config,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.digest) },
    history: layers.map(() => ({ created: epoch.toISOString(), created_by: 'kaji' })),
  }));
  const manifest = blob(json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: layers.map((layer) => descriptor('application/vnd.oci.image.layer.v1.tar', layer)),
  }));
  const index = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{
      ...descriptor('application/vnd.oci.image.manifest.v1+json', manifest),
      platform: { architecture: image.architecture, os: 'linux' },
      annotations: { 'io.containerd.image.name': image.name, 'org.opencontainers.image.ref.name': image.name.slice(image.name.lastIndexOf(':') + 1) },
    }],
  });
  // Two layers may be the same blob.
  const blobs = new Map([manifest, config, ...layers].map(({ digest, content }) => [`blobs/${digest.replace(':', '/')}`, content]));
  return [['oci-layout', json({ imageLayoutVersion: '1.0.0' })], ['index.json', index], ...blobs];
}

/** Streams, because an archive may be larger than what should be held in memory twice. */
async function writeArchive(files: Files, path: string, entries: readonly (readonly [string, Uint8Array])[]): Promise<void> {
  const temporary = `${path}.new`;
  await files.write(temporary, '');
  const { readable, controller } = createTarPacker();
  const written = (async () => {
    for await (const chunk of readable) await files.append(temporary, chunk);
  })();
  for (const [name, content] of entries) {
    const writer = controller.add({ name, size: content.length, type: 'file', mode: 0o644, mtime: epoch }).getWriter();
    await writer.write(content);
    await writer.close();
  }
  controller.finalize();
  await written;
  await files.rename(temporary, path);
}

function tarEntry(entry: LayerEntry): { header: TarHeader; body?: Uint8Array } {
  const shared = { name: entry.path, mtime: epoch, uid: 0, gid: 0 };
  if ('linkTo' in entry) return { header: { ...shared, type: 'symlink', linkname: entry.linkTo, size: 0, mode: 0o777 } };
  if ('isDirectory' in entry) return { header: { ...shared, name: `${entry.path}/`, type: 'directory', size: 0, mode: entry.mode } };
  return { header: { ...shared, type: 'file', size: entry.content.length, mode: entry.mode }, body: entry.content };
}

/** Every directory above an entry, before it: some unpackers want them, and modes are then known. */
function withParents(entries: readonly LayerEntry[]): readonly LayerEntry[] {
  const known = new Set(entries.filter((entry) => 'isDirectory' in entry).map((entry) => entry.path));
  const directories: LayerEntry[] = [];
  for (const { path } of entries) {
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) {
      const above = parts.slice(0, depth).join('/');
      if (known.has(above)) continue;
      known.add(above);
      directories.push({ path: above, isDirectory: true, mode: 0o755 });
    }
  }
  return [...directories, ...entries];
}

function blob(content: Uint8Array): Blob {
  return { digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, content };
}

function descriptor(mediaType: string, { digest, content }: Blob): { mediaType: string; digest: string; size: number } {
  return { mediaType, digest, size: content.length };
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
