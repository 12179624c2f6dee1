// Replays what kube-apiserver answered, case by case, against a server in this process with the controllers beside it.
// What is known to differ stands in known-failures.json, each with its reason, and is left out (many of those wait long for what never comes).
// `UPDATE=1` runs those, too, and rewrites the list; a case that is new there needs a reason before the test passes again. `KAJI_RECORDED=<pattern>` replays other files than the usual ones (`.` for all: a quarter of an hour).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTestServer } from '@kaji/apiserver/testing';
import { noMetrics, type Runtime, Scope, silentLog } from '@kaji/base';
import { realClock, realStreams } from '@kaji/base/real';
import { createClient } from '@kaji/client';
import { runControllers } from '@kaji/controllers';
import { fromPem } from '@kaji/pki';

const shared = process.env['KAJI_SHARED'] ?? join(import.meta.dirname, '../../../shared');
const recorded = join(shared, 'facts/recorded');
const knownPath = join(import.meta.dirname, 'known-failures.json');
const pattern = new RegExp(process.env['KAJI_RECORDED'] ?? '^(verbs-|kinds-|extend-ssa|extend-auth|extend-discovery|extend-admission)');

interface Case {
  readonly file: string;
  readonly name: string;
  readonly exact: boolean;
  readonly semantic: boolean;
}

interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly semantic: number;
  readonly cases: readonly Case[];
}

const isUpdate = process.env['UPDATE'] === '1';

/** Each case that is known to fail, and why. */
const knownFailures = (): Readonly<Record<string, string>> => (existsSync(knownPath) ? JSON.parse(readFileSync(knownPath, 'utf8')) as Readonly<Record<string, string>> : {});

/** A pattern that matches every case but those known to fail. */
const othersPattern = (): string => `^(?!(?:${Object.keys(knownFailures()).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$)`;

/** SHA-256 of the certificates with which the answers were recorded: the server tells a user by which certificate they came. */
const recordedFingerprints: Readonly<Record<string, string>> = {
  admin: 'bfee05929974a1538bb138f68289940eab4db671c57927d551936c7ece4779e6',
  alice: '50f30a26454d1ee4d5cd8511ed5e991c9d270a78687caf3c6d7313ff66563d73',
};

/** The recorded files; where one names a certificate, a copy that names the one used now. */
function filesFor(directory: string): readonly string[] {
  const names = readdirSync(recorded).filter((name) => name.endsWith('.json') && name !== 'metrics-families.json' && pattern.test(name));
  return names.map((name) => {
    const text = readFileSync(join(recorded, name), 'utf8');
    let changed = text;
    for (const [user, fingerprint] of Object.entries(recordedFingerprints)) changed = changed.replaceAll(fingerprint, fingerprintOf(join(directory, `${user}.crt`)));
    if (changed === text) return join(recorded, name);
    writeFileSync(join(directory, name), changed);
    return join(directory, name);
  });
}

const fingerprintOf = (path: string): string => createHash('sha256').update(fromPem(readFileSync(path, 'utf8'), 'CERTIFICATE')).digest('hex');

function replay(directory: string, url: string): Promise<void> {
  const files = filesFor(directory);
  const at = (name: string): string => join(directory, name);
  const child = spawn(process.execPath, [
    join(recorded, 'oracle.mjs'), 'replay', '--server', url, '--ca', at('ca.crt'), '--cert', at('admin.crt'), '--key', at('admin.key'),
    '--user', `alice=${at('alice.crt')}:${at('alice.key')}`, '--report', at('report.json'), ...(isUpdate ? [] : ['--filter', othersPattern()]), ...files,
  ], { stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => { resolve(); });
  });
}

test('answers as kube-apiserver did, but for what is known', { skip: existsSync(recorded) ? false : 'the recorded answers are not here', timeout: 1_800_000 }, async (t) => {
  const runtime: Runtime = { clock: realClock, random: realStreams(), log: silentLog, metrics: noMetrics };
  const directory = mkdtempSync(join(tmpdir(), 'kaji-recorded-'));
  try {
    await using server = await startTestServer({ runtime });
    const { url, authorityPem } = await server.listen();
    await using scope = new Scope();
    scope.run('controllers', (signal) => runControllers(runtime, { client: createClient(server.transport(), { userAgent: 'kube-controller-manager' }) }, { clusterCidr: undefined, nodeCidrMaskSize: 24, authorityPem, tokenKeyPem: server.tokenKeyPem, leaderElection: undefined }, signal));
    const alice = server.authority.issue({ commonName: 'alice', organizations: ['devs'], usages: ['client'] });
    for (const [name, text] of [['ca.crt', authorityPem], ['admin.crt', server.admin.certificatePem], ['admin.key', server.admin.privateKeyPem], ['alice.crt', alice.certificatePem], ['alice.key', alice.privateKeyPem]] as const) {
      writeFileSync(join(directory, name), text, { mode: 0o600 });
    }
    await replay(directory, url);
    const report = JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8')) as Report;
    t.diagnostic(`${report.cases.length} cases: ${report.passed} exact, ${report.semantic} but for texts`);
    judge(report);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

function judge(report: Report): void {
  const failed = report.cases.filter(({ exact }) => !exact).map(({ file, name }) => `${file}:${name}`);
  const known = knownFailures();
  if (!isUpdate) {
    assert.deepEqual(failed, [], 'cases that are not known to fail');
    assert.deepEqual(Object.keys(known).filter((name) => known[name] === ''), [], 'cases that are known to fail, but not why');
    return;
  }
  const ran = new Set(report.cases.map(({ file, name }) => `${file}:${name}`));
  const names = [...Object.keys(known).filter((name) => !ran.has(name)), ...failed].sort();
  writeFileSync(knownPath, `${JSON.stringify(Object.fromEntries(names.map((name) => [name, known[name] ?? ''])), null, 1)}\n`);
}
