import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { descriptionsOf } from '../../../packages/api/src/openapi/descriptions.ts';
import { described, layers, libraries, machineDoors, peers, portable } from './layers.ts';

interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
  /** The package it belongs to, when it lies in `packages/`. */
  readonly owner: string | undefined;
}

/** A rule gives one line for each thing that is wrong in a file. */
type Rule = (file: SourceFile, manifests: ReadonlyMap<string, Manifest>) => readonly string[];

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

const maxLines = 800;

/** Calls that reach for time, chance or the machine, and what to use instead. Comments and strings are not told apart, so names must be exact. */
const bannedCalls: readonly { readonly pattern: RegExp; readonly instead: string; readonly allowed: RegExp }[] = [
  { pattern: /\bDate\.now\(|\bnew Date\(\)/, instead: 'clock.now()', allowed: /^packages\/base\/src\/real\// },
  { pattern: /(?<![\w.])(setTimeout|setInterval)\(/, instead: 'clock.setTimer or sleep(clock, ms)', allowed: /^packages\/base\/src\/real\// },
  { pattern: /\bMath\.random\(|\brandomUUID\(/, instead: 'a stream of runtime.random', allowed: /^packages\/base\/src\/real\// },
  { pattern: /^export default /m, instead: 'a named export', allowed: /^$/ },
  { pattern: /\b(TODO|FIXME|XXX)\b/, instead: 'finish it, or leave it out and say so', allowed: /^tools\/tidy\// },
];

const bannedNames = /(^|[/.-])(utils?|helpers?|common|misc|types|impl|manager)([.-]|\/|$)/;
const importPattern = /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;

const imports = (text: string): string[] => [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');

const rank = new Map(layers.flatMap((row, index) => row.map((name) => [name, index] as const)));

const length: Rule = ({ path, text }) => {
  const lines = text.split('\n').length;
  return lines > maxLines ? [`${path}: ${lines} lines; the limit is ${maxLines}: split it by what it does`] : [];
};

const name: Rule = ({ path }) => {
  const problems: string[] = [];
  if (bannedNames.test(path)) problems.push(`${path}: name it for the thing it exports`);
  if (!/^[a-z0-9./-]+$/.test(path)) problems.push(`${path}: names are kebab-case`);
  return problems;
};

const calls: Rule = ({ path, text, isTest }) =>
  isTest || !path.startsWith('packages/') ? [] : bannedCalls.filter((call) => call.pattern.test(text) && !call.allowed.test(path)).map((call) => `${path}: ${call.pattern.exec(text)?.[0] ?? ''} is banned, use ${call.instead}`);

const layering: Rule = ({ path, text, isTest, owner }, manifests) => {
  if (owner === undefined) return [];
  const problems: string[] = [];
  for (const specifier of imports(text)) {
    const target = /^@kaji\/([^/]+)/.exec(specifier)?.[1];
    if (target === undefined || target === owner) continue;
    if (!isTest && manifests.get(owner)?.dependencies?.[`@kaji/${target}`] === undefined) problems.push(`${path}: @kaji/${target} is not in its package.json`);
    const isAllowed = (rank.get(target) ?? Infinity) < (rank.get(owner) ?? -1) || peers[`${owner} -> ${target}`] !== undefined || (isTest && (target === 'cluster' || specifier.endsWith('/testing')));
    if (!isAllowed) problems.push(`${path}: ${owner} may not import ${target} (tools/tidy/src/layers.ts)`);
  }
  return problems;
};

const thirdParty: Rule = ({ path, text, isTest, owner }, manifests) => {
  if (owner === undefined || isTest || path.endsWith('/testing.ts')) return [];
  return imports(text)
    .filter((specifier) => !/^(\.|node:|@kaji\/)/.test(specifier))
    .map((specifier) => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/'))
    .flatMap((library) => [
      ...(libraries[library] === undefined ? [`${path}: ${library} has no line with its reason in tools/tidy/src/layers.ts`] : []),
      ...(manifests.get(owner)?.dependencies?.[library] === undefined ? [`${path}: ${library} is not in its package.json`] : []),
    ]);
};

const machine: Rule = ({ path, text, isTest, owner }) => {
  if (owner === undefined || isTest) return [];
  const problems: string[] = [];
  const door = portable[owner];
  for (const specifier of imports(text)) {
    if (!specifier.startsWith('node:')) continue;
    if (door !== undefined && !door.test(path.slice(`packages/${owner}/`.length))) problems.push(`${path}: ${owner} runs in a browser and may not import ${specifier}`);
    if (/^node:(fs|fs\/promises|child_process|net|tls|http|http2|https|dgram|worker_threads|sqlite)$/.test(specifier) && !machineDoors.some((allowed) => allowed.test(path)) && !importsTypesOnly(text, specifier)) {
      problems.push(`${path}: ${specifier} is opened in the layer's edge only (machineDoors in tools/tidy/src/layers.ts)`);
    }
  }
  return problems;
};

const importsTypesOnly = (text: string, specifier: string): boolean => new RegExp(`import type [^;]*from '${specifier}'`).test(text) && !new RegExp(`import (?!type )[^;]*from '${specifier}'`).test(text);

/** Types and fields of the API are described to users by the comments above them. `metadata` is described by its type. */
const comments = (folders: readonly string[]): Rule => ({ path, text, isTest }) => {
  if (isTest || !folders.some((folder) => path.startsWith(folder))) return [];
  return [...descriptionsOf(text)].flatMap(([type, { text: said, fields }]) => [
    ...proseProblems(type, said), ...[...fields].flatMap(([field, words]) => (field === 'metadata' && words === '' ? [] : proseProblems(`${type} ${field}`, words))),
  ]).map((problem) => `${path}: ${problem}`);
};

function proseProblems(of: string, words: string): readonly string[] {
  if (words === '') return [`${of} has no comment above it, which users would read`];
  if (!/^[A-Z"'0-9]/.test(words) || !/[.:]$/.test(words.split('\n')[0] ?? '')) return [`the comment of ${of} is not a sentence: upper case first, a full stop last`];
  return /[`*]|\{@|https?:/.test(words) ? [`the comment of ${of} is plain text, without markup`] : [];
}

const rules: readonly Rule[] = [length, name, calls, layering, thirdParty, machine];

/** Everything that breaks the house rules below `root`, a line each. `folders` are those whose types are all described. */
export function check(root: string, folders: readonly string[] = described): string[] {
  const manifests = new Map<string, Manifest>();
  for (const owner of readdirSync(join(root, 'packages'))) {
    const path = join(root, 'packages', owner, 'package.json');
    if (existsSync(path)) manifests.set(owner, JSON.parse(readFileSync(path, 'utf8')) as Manifest);
  }
  const unknown = [...manifests.keys()].filter((owner) => !rank.has(owner)).map((owner) => `packages/${owner}: has no row in tools/tidy/src/layers.ts`);
  return [...unknown, ...sources(root).flatMap((file) => [...rules, comments(folders)].flatMap((rule) => rule(file, manifests)))];
}

function sources(root: string): SourceFile[] {
  const files: SourceFile[] = [];
  for (const folder of ['packages', 'tools', 'tests', 'bench']) {
    if (!existsSync(join(root, folder))) continue;
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(entry) || entry.includes('node_modules')) continue;
      const path = `${folder}/${entry}`;
      const isTest = path.endsWith('.test.ts') || /\/testing(\/|\.ts$)/.test(path) || folder === 'tests' || folder === 'bench';
      files.push({ path, text: readFileSync(join(root, path), 'utf8'), isTest, owner: /^packages\/([^/]+)\//.exec(path)?.[1] });
    }
  }
  return files;
}
