// The descriptions of the API, read from the modules that declare it when somebody asks. They are forgotten when memory is wanted: the documents made of them stay.
import { sourceFolder } from '@kaji/api';
import { type Descriptions, descriptionsOf } from '@kaji/api/openapi';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export function sourceComments(folder: URL = sourceFolder): () => Descriptions {
  let kept: WeakRef<Descriptions> | undefined;
  return () => {
    const known = kept?.deref();
    if (known !== undefined) return known;
    const read = readAll(fileURLToPath(folder));
    kept = new WeakRef(read);
    return read;
  };
}

function readAll(folder: string): Descriptions {
  const modules = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.test|\.d)\.[jt]s$/.test(name));
  return new Map(modules.flatMap((name) => [...descriptionsOf(readFileSync(join(folder, name), 'utf8'))]));
}
