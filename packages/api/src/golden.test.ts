import { decodeJson, decodeObject, decodeYaml, encodeObject, encodeYaml, isDeepEqual, jsonText } from '@kaji/schema';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kinds } from './kinds.ts';

const shared = process.env['KAJI_SHARED'] ?? join(import.meta.dirname, '../../../../shared');
const folder = join(shared, 'facts/roundtrip/v1.36.0');
const skip = existsSync(folder) ? false : 'the golden objects are not on this machine';
/** Two groups come without golden objects. */
const absent = new Set(['apiregistration.k8s.io', 'apiextensions.k8s.io']);

for (const { group, version, kind, type } of kinds) {
  if (absent.has(group)) continue;
  test(`${group}/${version} ${kind} goes through JSON, YAML and protobuf to the same bytes`, { skip }, () => {
    const file = (extension: string): Buffer => readFileSync(join(folder, `${group === '' ? 'core' : group}.${version}.${kind}.${extension}`));
    const [json, yaml, protobuf] = [file('json').toString(), file('yaml').toString(), file('pb')];
    const { object, problems } = decodeJson(type, json);
    assert.deepEqual(problems, []);
    // The golden JSON is indented; without its white space it is what Go's encoder writes.
    assert.equal(jsonText(type, object), JSON.stringify(JSON.parse(json)).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`));
    assert.equal(new TextDecoder().decode(encodeYaml(type, object)), yaml);
    assert.deepEqual(Buffer.from(encodeObject(type, object)), protobuf);
    assert.ok(isDeepEqual(decodeObject(type, protobuf), object), 'protobuf gives the same object');
    assert.ok(isDeepEqual(decodeYaml(type, yaml).object, object), 'YAML gives the same object');
  });
}
