// The lockfile and the workspaces: `npm ci`, with which every new clone begins, refuses to run where they differ.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Requirements {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const sections = ['dependencies', 'optionalDependencies', 'devDependencies'] as const;

/** A line for each workspace below `root` that package-lock.json does not know, or knows with other libraries. */
export function lockfileProblems(root: string): string[] {
  const locked = (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { readonly packages: Readonly<Record<string, Requirements>> }).packages;
  return workspaces(root).flatMap((workspace) => {
    const entry = locked[workspace];
    const path = workspace === '' ? 'package.json' : `${workspace}/package.json`;
    if (entry === undefined) return [`${path}: package-lock.json does not know this workspace`];
    const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as Requirements;
    return sections.filter((section) => !hasSame(manifest[section], entry[section])).map((section) => `${path}: package-lock.json has other ${section}`);
  });
}

function workspaces(root: string): readonly string[] {
  const grouped = ['packages', 'tools'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`));
  return ['', ...[...grouped, 'tests'].filter((workspace) => existsSync(join(root, workspace, 'package.json')))];
}

function hasSame(wanted: Readonly<Record<string, string>> = {}, locked: Readonly<Record<string, string>> = {}): boolean {
  // Packages of our own are links to their workspaces: npm does not look for them in the lockfile.
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(locked)])].filter((name) => !name.startsWith('@kaji/'));
  return names.every((name) => wanted[name] === locked[name]);
}
