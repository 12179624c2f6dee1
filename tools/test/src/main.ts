/**
 * All checks of the project, in the order in which they fail fastest: types, lint, house rules and unit tests, then (as root)
 * the tests that need a kernel and real programs. `node tools/test/src/main.ts [types|lint|unit|kernel|interop|conformance ...]`
 * runs some of them (and `machine` sets up what the last two need); what follows `--` is passed on to the test runner (`-- --test-name-pattern=...`).
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { prepareMachine } from './machine.ts';

interface Outcome {
  readonly code: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const none: Outcome = { code: 0, passed: 0, failed: 0, skipped: 0 };

interface Step {
  readonly name: string;
  run(passedOn: readonly string[]): Promise<Outcome>;
}

const root = join(import.meta.dirname, '../../..');
const binaries = join(root, 'node_modules/.bin');

const steps: readonly Step[] = [
  { name: 'types', run: () => command([join(binaries, 'tsc'), '--noEmit']) },
  { name: 'lint', run: () => command([join(binaries, 'oxlint'), '--type-aware']) },
  { name: 'unit', run: (passedOn) => sharded(['packages/*/src/**/*.test.ts', 'tools/*/src/**/*.test.ts'], 2, passedOn) },
  { name: 'conformance', run: (passedOn) => sharded(['tests/conformance/**/*.test.ts'], 1, passedOn) },
  { name: 'machine', run: async () => { process.stdout.write(`${await prepareMachine()}\n`); return none; } },
  { name: 'kernel', run: (passedOn) => oneByOne(['tests/kernel/**/*.test.ts'], passedOn) },
  { name: 'interop', run: (passedOn) => oneByOne(['tests/interop/**/*.test.ts'], passedOn) },
];

/** Runs a program with its output shown as it comes; the counts are read off the closing lines of Node's test runner. */
function command(argv: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const [program = '', ...rest] = argv;
    const child = spawn(program, rest, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, PATH: `${binaries}:${process.env['PATH'] ?? ''}` } });
    let tail = '';
    child.stdout.on('data', (chunk: Buffer) => {
      process.stdout.write(chunk);
      tail = (tail + chunk.toString('utf8')).slice(-4096);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const count = (word: string): number => Number(new RegExp(`^(?:ℹ|#) ${word} (\\d+)$`, 'm').exec(tail)?.[1] ?? 0);
      resolve({ code: code ?? 1, passed: count('pass'), failed: count('fail') + count('cancelled'), skipped: count('skipped') });
    });
  });
}

const testCommand = (files: readonly string[], passedOn: readonly string[]): string[] => [process.execPath, '--test', '--test-isolation=none', '--test-reporter=spec', ...passedOn, ...files];

const add = (a: Outcome, b: Outcome): Outcome => ({ code: Math.max(a.code, b.code), passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped });

/** The files dealt out over several processes at once: one process a shard, not one a file. */
async function sharded(patterns: readonly string[], shards: number, passedOn: readonly string[]): Promise<Outcome> {
  const files = globSync([...patterns], { cwd: root }).filter((file) => !file.includes('node_modules')).sort();
  const hands = Array.from({ length: shards }, (_, shard) => files.filter((_file, index) => index % shards === shard)).filter((hand) => hand.length > 0);
  return (await Promise.all(hands.map((hand) => command(testCommand(hand, passedOn))))).reduce(add, none);
}

/** A process a file: these tests own machine-wide things and must not share a fate. */
async function oneByOne(patterns: readonly string[], passedOn: readonly string[]): Promise<Outcome> {
  let total = none;
  for (const file of globSync([...patterns], { cwd: root }).sort()) total = add(total, await command(testCommand([file], passedOn)));
  return total;
}

const marker = process.argv.indexOf('--');
const wanted = process.argv.slice(2, marker === -1 ? undefined : marker);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  process.stderr.write(`no such step: ${unknown.join(', ')} (there are ${steps.map((step) => step.name).join(', ')})\n`);
  process.exit(2);
}
const chosen = steps.filter((step) => wanted.length === 0 || wanted.includes(step.name));
let total = none;
const lines: string[] = [];
for (const step of chosen) {
  const startedMs = performance.now();
  process.stdout.write(`\n== ${step.name}\n`);
  const outcome = await step.run(marker === -1 ? [] : process.argv.slice(marker + 1));
  total = add(total, outcome);
  lines.push(`${outcome.code === 0 ? '✓' : '✗'} ${step.name.padEnd(12)} ${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`);
}
process.stdout.write(`\n${lines.join('\n')}\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = total.code === 0 && total.failed === 0 ? 0 : 1;
