/**
 * Puts the modules that a cluster's processes and threads run into a few files. A module of its own costs 15 kB in each thread that
 * loads it, and a server has hundreds in three: linked, it holds a seventh less and starts in half the time.
 */
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';

export interface LinkOptions {
  /** The module that processes start with: it becomes `main.js`. */
  readonly entry: string;
  /** The directory in which the files are written. */
  readonly output: string;
}

/** A file that was written, the modules in it, and the files that are loaded with it. */
export type LinkedFile = Pick<OutputChunk, 'fileName' | 'moduleIds' | 'imports'>;

/** Links a program. The threads that it starts by `new Worker(new URL(import.meta.resolve('./x.ts')))` get files of their own. */
export async function link({ entry, output }: LinkOptions): Promise<readonly LinkedFile[]> {
  const bundle = await rolldown({ input: { main: entry }, platform: 'node', plugins: [ownPlaces] });
  try {
    const { output: files } = await bundle.write({
      dir: output,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
      // Names and lines stay, so that traces can be read without maps: those weigh 20 MB in a process whose errors are shown.
      minify: false,
      // They are kept in memory beside the code.
      comments: { legal: false, annotation: false, jsdoc: false },
    });
    return files.filter((file) => file.type === 'chunk');
  } finally {
    await bundle.close();
  }
}

/** What a module asks about itself is answered as before it was linked. A module that it resolves is one that a thread starts with. */
const ownPlaces: Plugin = {
  name: 'own places',
  transform: {
    filter: { code: 'import.meta' },
    handler(code, id) {
      const places = { url: pathToFileURL(id).href, dirname: dirname(id), filename: id };
      const answered = code
        .replaceAll(/import\.meta\.resolve\('(\.[^']+)'\)/g, (_, path: string) => `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'chunk', id: join(dirname(id), path), name: basename(path, '.ts') })}`)
        .replaceAll(/import\.meta\.(url|dirname|filename)/g, (_, name: keyof typeof places) => JSON.stringify(places[name]));
      return { code: answered, map: null };
    },
  },
};
