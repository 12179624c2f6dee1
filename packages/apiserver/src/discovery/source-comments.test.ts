import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { sourceComments } from './source-comments.ts';

test('the declarations of every kind are found', () => {
  const fields = sourceComments()().get('k8s.io.api.core.v1.Pod')?.fields;
  assert.deepEqual([...fields?.keys() ?? []], ['metadata', 'spec', 'status']);
});

test('modules whose types were stripped are read as well, tests and declarations are not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kaji-comments-'));
  try {
    const module = (name: string): string => `/** It is ${name}. */\nclass X extends message('${name}', {\n}) {}\n`;
    for (const name of ['kind.js', 'kind.test.js', 'kind.d.ts', 'kind.json']) writeFileSync(join(folder, name), module(name));
    const read = sourceComments(pathToFileURL(`${folder}/`))();
    assert.deepEqual([...read], [['kind.js', { text: 'It is kind.js.', fields: new Map() }]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
