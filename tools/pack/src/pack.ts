/** The project as one npm package: JavaScript beside its type declarations, in the folders of the sources. */
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Exports, rewriteSpecifiers } from './specifiers.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly exports?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

interface Workspace extends Exports {
  readonly manifest: Manifest;
}

/** What is published, and where everything else hangs. */
const published = 'kaji';

/** Writes `<name>-<version>.tgz` into `destination` and gives its path. */
export function pack(root: string, destination: string): string {
  const stage = mkdtempSync(join(tmpdir(), 'kaji-pack-'));
  try {
    const workspaces = closure(readWorkspaces(root), published);
    declarations(root, stage);
    for (const workspace of workspaces.values()) scripts(root, stage, workspace, workspaces);
    for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md']) cpSync(join(root, file), join(stage, file));
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifestOf(root, workspaces), undefined, 2)}\n`);
    mkdirSync(destination, { recursive: true });
    const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], { cwd: stage, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [{ filename }] = JSON.parse(output) as [{ filename: string }]; // npm's own format: one entry a package
    return join(destination, filename);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

function readWorkspaces(root: string): ReadonlyMap<string, Workspace> {
  const found = globSync('packages/*/package.json', { cwd: root }).map((path): readonly [string, Workspace] => {
    const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
    return [manifest.name, { directory: dirname(path), exports: manifest.exports ?? {}, manifest }];
  });
  return new Map(found);
}

/** A package of this project and all of this project that it needs. */
function closure(all: ReadonlyMap<string, Workspace>, name: string): ReadonlyMap<string, Workspace> {
  const needed = new Map<string, Workspace>();
  const add = (each: string): void => {
    const workspace = all.get(each);
    if (workspace === undefined || needed.has(each)) return;
    needed.set(each, workspace);
    for (const dependency of Object.keys(workspace.manifest.dependencies ?? {})) add(dependency);
  };
  add(name);
  return needed;
}

function declarations(root: string, stage: string): void {
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['--project', join(import.meta.dirname, '../tsconfig.json'), '--outDir', stage], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}

const isTest = (path: string): boolean => path.endsWith('.test.ts') || /(?:^|\/)testing(?:\/|\.ts$)/.test(path);

function scripts(root: string, stage: string, { directory, manifest: { name, version } }: Workspace, workspaces: ReadonlyMap<string, Workspace>): void {
  write(stage, `${directory}/package.json`, `${JSON.stringify({ name, version, private: true, type: 'module' }, undefined, 2)}\n`);
  for (const file of globSync('src/**/*.ts', { cwd: join(root, directory) })) {
    if (isTest(file)) continue;
    const path = `${directory}/${file}`;
    const isProgram = file === 'src/main.ts';
    // Comments stay: descriptions of the API are read from them.
    const script = stripTypeScriptTypes(readFileSync(join(root, path), 'utf8'));
    write(stage, path.replace(/\.ts$/, '.js'), `${isProgram ? '#!/usr/bin/env node\n' : ''}${rewriteSpecifiers(script, path, workspaces)}`);
    const declaration = path.replace(/\.ts$/, '.d.ts');
    write(stage, declaration, rewriteSpecifiers(readFileSync(join(stage, declaration), 'utf8'), path, workspaces));
  }
}

function write(stage: string, path: string, content: string): void {
  mkdirSync(dirname(join(stage, path)), { recursive: true });
  writeFileSync(join(stage, path), content);
}

function manifestOf(root: string, workspaces: ReadonlyMap<string, Workspace>): object {
  const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly engines: unknown };
  const main = workspaces.get(published);
  if (main === undefined) throw new Error(`no package is called ${published}`);
  const { name, version, description, license, exports = {}, bin = {} } = main.manifest;
  const place = (target: string, extension: string): string => `./${join(main.directory, target).replace(/\.ts$/, extension)}`;
  const libraries = [...workspaces.values()].flatMap(({ manifest }) => Object.entries(manifest.dependencies ?? {})).filter(([dependency]) => !workspaces.has(dependency));
  return {
    name, version, description, license,
    keywords: ['kubernetes', 'testing', 'envtest', 'cluster', 'apiserver'],
    type: 'module',
    engines: project.engines,
    bin: Object.fromEntries(Object.entries(bin).map(([command, target]) => [command, place(target, '.js')])),
    exports: Object.fromEntries(Object.entries(exports).map(([subpath, target]) => [subpath, { types: place(target, '.d.ts'), default: place(target, '.js') }])),
    // Pinned, and only of what is inside.
    dependencies: Object.fromEntries(libraries.toSorted(([a], [b]) => a.localeCompare(b))),
  };
}
