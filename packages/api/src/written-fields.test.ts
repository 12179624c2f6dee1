import { seededStreams, type Random } from '@kaji/base';
import { applyDefaults, compareFields, type Field, fieldSetOf, fieldSetText, fromJson, isDeepEqual, type MessageType, UnkeyedItem, unionOf, writtenFields } from '@kaji/schema';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kinds } from './kinds.ts';

const words = ['a', 'b', 'a!', '"', 'é', '\ue000', '\u{1f600}', '<x>', 'TCP', '8080'] as const;
const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T; // the lists here are not empty

function value({ of, kind, options }: Field<unknown, boolean>, random: Random, depth: number): unknown {
  const one = (): unknown => (typeof of === 'string' ? scalar(of, random) : object(of, random, depth + 1));
  if (options.alternative !== undefined) return undefined;
  switch (kind) {
    case 'scalar': return one();
    case 'message': return depth > 5 ? undefined : one();
    case 'list': return depth > 5 ? [] : Array.from({ length: Math.floor(random() * (depth > 2 ? 2 : 4)) }, one);
    case 'map': return Object.fromEntries(Array.from({ length: Math.floor(random() * (depth > 2 ? 2 : 4)) }, () => [pick(random, words), one()]));
  }
}

function scalar(of: string, random: Random): unknown {
  switch (of) {
    case 'bool': return random() < 0.5;
    case 'int32': case 'int64': case 'uint32': case 'uint64': case 'double': case 'float': return pick(random, [0, 1, 80, 443, 8080]);
    case 'time': return '2024-01-02T03:04:05Z';
    case 'microTime': return '2024-01-02T03:04:05.000006Z';
    case 'duration': return '5s';
    case 'quantity': return pick(random, ['0', '100m', '1Gi']);
    case 'bytes': return pick(random, ['', 'aGk=']);
    case 'intOrString': return pick(random, [0, 80, 'http']);
    case 'rawExtension': case 'json': return pick<unknown>(random, [{}, { a: { b: [1] }, c: null }, { d: 'x' }]);
    case 'fieldsV1': return {};
    case 'wrappedStrings': return ['x'];
    default: return pick(random, ['', ...words]);
  }
}

function object(type: MessageType<unknown>, random: Random, depth: number): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(type.fields)) {
    if (random() < 0.4) continue;
    const of = field as Field<unknown, boolean>; // of whatever type
    if (of.options.isInline === true && typeof of.of !== 'string') Object.assign(made, object(of.of, random, depth));
    else made[name] = value(of, random, depth);
  }
  return made;
}

const ignored = fieldSetOf([['f:metadata', 'f:name'], ['f:metadata', 'f:managedFields'], ['f:status']]);

for (const { group, version, kind, type, defaults } of kinds) {
  test(`${group}/${version} ${kind}: a new object's fields are what differs from nothing`, () => {
    const random = seededStreams(11).stream(`${group}/${version}/${kind}`);
    let compared = 0;
    for (let round = 0; round < 40; round++) {
      const decoded = fromJson<unknown>(type as MessageType<unknown>, object(type as MessageType<unknown>, random, 0)).object;
      if (round % 2 === 0) applyDefaults(type as MessageType<unknown>, decoded);
      let want: string | undefined;
      try {
        const { added, modified, removed } = compareFields(type as MessageType<unknown>, {}, decoded, ignored);
        assert.ok(isDeepEqual(removed, fieldSetOf([])));
        want = fieldSetText(unionOf(added, modified));
      } catch (error) {
        assert.ok(error instanceof UnkeyedItem);
        assert.throws(() => writtenFields(type as MessageType<unknown>, decoded, ignored), UnkeyedItem);
        continue;
      }
      compared++;
      assert.equal(writtenFields(type as MessageType<unknown>, decoded, ignored) ?? '{}', want);
    }
    assert.ok(compared > 0 || defaults !== undefined);
  });
}
