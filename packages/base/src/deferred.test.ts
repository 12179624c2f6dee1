import assert from 'node:assert/strict';
import test from 'node:test';
import { Deferred, loadAll } from './deferred.ts';

test('code is imported once, when it is first loaded', async () => {
  let imports = 0;
  const code = new Deferred(async () => Promise.resolve({ answer: ++imports }));
  assert.throws(() => code.value, /before it was loaded/);
  assert.equal(imports, 0);
  await code.load();
  await loadAll([code]);
  assert.deepEqual([code.value, imports], [{ answer: 1 }, 1]);
});
