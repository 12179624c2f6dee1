import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configmaps } from '@kaji/api/core/v1';
import { createClient } from '@kaji/client';
import { startTestServer } from '../../testing.ts';

test('a watch that is given up while its reader holds a piece ends with the next read', { timeout: 5000 }, async () => {
  await using server = await startTestServer();
  const stop = new AbortController();
  const { body } = await server.transport().request({ method: 'GET', path: '/api/v1/configmaps?watch=true', headers: {}, signal: stop.signal });
  const pieces = body[Symbol.asyncIterator]();
  await createClient(server.transport(), { userAgent: 'test' }).create(configmaps, { metadata: { name: 'a', namespace: 'default' } });
  assert.equal((await pieces.next()).done, false);
  stop.abort();
  assert.equal((await pieces.next()).done, true);
});
