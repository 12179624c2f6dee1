/** kaji's own image: Node, the C library it needs, busybox and this project, so that its components can run as pods. */
import { createHash } from 'node:crypto';
import { assert } from '@kaji/base';
import type { Host } from '@kaji/host';
import type { Image, LayerEntry } from './oci.ts';

export interface KajiImageSource {
  /** The project's directory, with packages/ and package-lock.json. */
  readonly projectDirectory: string;
  /** The Node that runs. */
  readonly nodePath: string;
  /** Where the project's code lies, linked. */
  readonly codeDirectory: string;
}

/** Where linked code lies in the image. */
const home = 'opt/kaji';
/** Where compiled code lies to linked code: Node remembers files by how they lie to it. */
export const compiledCode = 'compiled';

/** The image's name: its tag changes with the project and with Node, so that an old one is never taken for a new one. */
export async function kajiImageName(host: Host, source: KajiImageSource): Promise<string> {
  const hash = createHash('sha256').update(source.nodePath);
  for (const { path, content } of await projectSources(host, source.projectDirectory)) hash.update(path).update(content);
  hash.update((await host.files.read(`${source.projectDirectory}/package-lock.json`)) ?? '');
  return `localhost/kaji/kaji:${hash.digest('hex').slice(0, 12)}`;
}

export async function kajiImage(host: Host, name: string, source: KajiImageSource): Promise<Image> {
  return {
    name,
    architecture: host.facts.architecture,
    layers: [await systemLayer(host, source.nodePath), await codeLayer(host, source.codeDirectory)],
    config: {
      Entrypoint: ['/usr/bin/node', `/${home}/main.js`],
      Env: ['PATH=/usr/bin:/bin', 'NODE_ENV=production', `NODE_COMPILE_CACHE=/${home}/${compiledCode}`, 'NODE_COMPILE_CACHE_PORTABLE=1'],
      WorkingDir: '/',
    },
  };
}

async function systemLayer(host: Host, nodePath: string): Promise<readonly LayerEntry[]> {
  const libraries = parseLinkedLibraries(await host.processes.check(['ldd', nodePath]));
  const entries: LayerEntry[] = [
    { path: 'usr/bin/node', content: await read(host, nodePath), mode: 0o755 },
    { path: 'bin/busybox', content: await read(host, '/bin/busybox'), mode: 0o755 },
    { path: 'bin/sh', linkTo: 'busybox' },
    { path: 'etc/passwd', content: text('root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n'), mode: 0o644 },
    { path: 'etc/group', content: text('root:x:0:\nnogroup:x:65534:\n'), mode: 0o644 },
    { path: 'tmp', isDirectory: true, mode: 0o1777 },
  ];
  for (const library of libraries) entries.push({ path: library.slice(1), content: await read(host, library), mode: 0o755 });
  return entries;
}

/** Paths of the files that ldd says a program is loaded with. */
export function parseLinkedLibraries(output: string): readonly string[] {
  return output.split('\n').map((line) => /(?:=> )?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line.trim())?.[1]).filter((path) => path !== undefined);
}

async function codeLayer(host: Host, directory: string): Promise<readonly LayerEntry[]> {
  const entries: LayerEntry[] = [];
  for (const path of await walk(host, directory)) entries.push({ path: `${home}/${path}`, content: await read(host, `${directory}/${path}`), mode: 0o644 });
  return entries;
}

async function projectSources(host: Host, directory: string): Promise<readonly { readonly path: string; readonly content: Uint8Array }[]> {
  const sources: { path: string; content: Uint8Array }[] = [{ path: 'package.json', content: await read(host, `${directory}/package.json`) }];
  for (const name of await host.files.list(`${directory}/packages`)) {
    for (const file of await walk(host, `${directory}/packages/${name}`)) {
      const isSource = file === 'package.json' || (file.startsWith('src/') && file.endsWith('.ts') && !file.endsWith('.test.ts'));
      if (isSource) sources.push({ path: `packages/${name}/${file}`, content: await read(host, `${directory}/packages/${name}/${file}`) });
    }
  }
  return sources;
}

/** Files below a directory, sorted; what a nested node_modules holds is listed as a package of its own. */
async function walk(host: Host, directory: string, prefix = ''): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await host.files.list(`${directory}/${prefix}`)) {
    if (name === 'node_modules') continue;
    const path = `${prefix}${name}`;
    const status = await host.files.status(`${directory}/${path}`);
    if (status?.kind === 'directory') found.push(...(await walk(host, directory, `${path}/`)));
    else if (status?.kind === 'file') found.push(path);
  }
  return found;
}

async function read(host: Host, path: string): Promise<Uint8Array> {
  const content = await host.files.read(path);
  assert(content !== undefined, `${path} is needed for the kaji image and does not exist`);
  return content;
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}
