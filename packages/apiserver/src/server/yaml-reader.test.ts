import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError } from '@kaji/schema';
import { startTestServer } from '../testing.ts';
import { YamlReader } from './yaml-reader.ts';

async function withReader(use: (read: (text: string) => Promise<unknown>) => Promise<void>): Promise<void> {
  const reader = new YamlReader();
  try {
    await use(async (text) => {
      const source = Buffer.from(text);
      await reader.prepare(source);
      return reader.parse(source).value;
    });
  } finally {
    await reader.close();
  }
}

const long = '# a comment that makes the text long\n'.repeat(200);

test('long texts are read by another thread as short ones are here', async () => {
  await withReader(async (read) => {
    for (const text of ['a: 1\nb: [x, 2.5, null, true]\n', 'big: 9223372036854775807\n', '__proto__: {constructor: x}\n', 'text: "\\u00e9 \\0"\n', '']) {
      assert.deepEqual(await read(`${text}${long}`), await read(text));
    }
    const value = await read(`__proto__: {a: b}\n${long}`);
    assert.ok(Object.hasOwn(value as object, '__proto__'));
  });
});

test('what is doubtful or wrong in a long text is told as in a short one', async () => {
  const reader = new YamlReader();
  try {
    const twice = Buffer.from(`a: 1\na: 2\n${long}`);
    await reader.prepare(twice);
    assert.deepEqual(reader.parse(twice).problems, ['yaml: unmarshal errors:\n  line 2: key "a" already set in map']);
    const broken = Buffer.from(`a: [\n${long}`);
    await reader.prepare(broken);
    assert.throws(() => reader.parse(broken), DecodeError);
  } finally {
    await reader.close();
  }
});

test('texts nest as deep as upstream allows', async () => {
  await withReader(async (read) => {
    await read(`a: ${'['.repeat(9000)}${']'.repeat(9000)}`);
    await assert.rejects(read(`${'['.repeat(11_000)}${']'.repeat(11_000)}`), /yaml: exceeded max depth of 10000/);
  });
});

test('a text that takes too long is given up, and the next is read', { timeout: 30_000 }, async () => {
  await withReader(async (read) => {
    const hard = `a: &a x\nb:\n${'- *a\n'.repeat(300_000)}`;
    const [first, second] = await Promise.allSettled([read(hard), read(`a: 1\n${long}`)]);
    assert.match(first.status === 'rejected' ? String(first.reason) : 'read', /takes too long to read/);
    assert.deepEqual(second, { status: 'fulfilled', value: { a: 1 } });
  });
});

test('a server answers others while it reads a long text', { timeout: 20_000 }, async () => {
  await using server = await startTestServer();
  const post = server.transport().request({ method: 'POST', path: '/api/v1/namespaces/default/configmaps', headers: { 'content-type': 'application/yaml' }, body: Buffer.from(`metadata: {name: a}\ndata:\n${'  k: v\n'.repeat(20_000)}`) });
  const other = await server.transport().request({ method: 'GET', path: '/api/v1/namespaces/default', headers: {} });
  assert.equal(other.status, 200);
  assert.equal((await post).status, 201);
});
