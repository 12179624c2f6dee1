import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEnvelope, decodeObject, encodeEnvelope, encodeObject } from './envelope.ts';
import { list, message, ref, string } from './field.ts';

class Inner extends message('test.ObjectMeta', { name: string(1) }) {}
class Outer extends message('test.Outer', { metadata: ref(1, Inner), hostIP: string(2), items: list(3, Inner) }) {}

test('an object travels with its kind', () => {
  const object = { apiVersion: 'v1', kind: 'Outer', metadata: { name: 'a' }, hostIP: '1.2.3.4' };
  assert.deepEqual(decodeObject<object>(Outer, encodeObject<object>(Outer, object)), object);
});

for (const [what, bytes, problem] of [
  ['nothing', '', 'empty data'],
  ['the prefix alone', '6b387300', 'empty body'],
  ['another prefix', '7b7d', 'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]'],
  ['a length beyond the end', '6b3873000aff', 'unexpected EOF'],
] as const) {
  test(`${what} is no envelope`, () => { assert.throws(() => decodeEnvelope(Buffer.from(bytes, 'hex')), { message: problem }); });
}

for (const [field, bytes] of [['ObjectMeta', '0801'], ['HostIP', '1001'], ['Items', '1801']] as const) {
  test(`a number is no ${field}`, () => {
    const whole = encodeEnvelope({ apiVersion: 'v1', kind: 'Outer' }, Buffer.from(bytes, 'hex'));
    assert.throws(() => decodeObject(Outer, whole), { message: `proto: wrong wireType = 0 for field ${field}` });
  });
}
