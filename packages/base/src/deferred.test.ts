import assert from 'node:assert/strict';
import test from 'node:test';
import { Deferred, loadMissing, NotLoaded } from './deferred.ts';

test('code is imported once, when it is first loaded', async () => {
  let imports = 0;
  const code = new Deferred(async () => Promise.resolve({ answer: ++imports }));
  assert.throws(() => code.value, NotLoaded);
  assert.equal(imports, 0);
  await code.load();
  await code.load();
  assert.deepEqual([code.value, imports], [{ answer: 1 }, 1]);
});

test('who was stopped for missing code can be asked again', async () => {
  const code = new Deferred(async () => Promise.resolve(42));
  const ask = (): number => code.value;
  const answer = await (async () => {
    try {
      return ask();
    } catch (error) {
      await loadMissing(error);
      return ask();
    }
  })();
  assert.equal(answer, 42);
});

test('other errors are not swallowed', async () => {
  await assert.rejects(loadMissing(new RangeError('too far')), new RangeError('too far'));
});
