import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReason } from '@kaji/api';
import { decodeWatchEvent, LineSplitter } from './watch-decoder.ts';

test('finds lines however the bytes are cut', () => {
  const bytes = new TextEncoder().encode('{"a":1}\n{"ü":2}\n\n{"c":3}\n');
  for (let size = 1; size <= bytes.length; size++) {
    const splitter = new LineSplitter();
    const lines: string[] = [];
    for (let start = 0; start < bytes.length; start += size) for (const line of splitter.push(bytes.subarray(start, start + size))) if (line.length > 0) lines.push(new TextDecoder().decode(line));
    assert.deepEqual(lines, ['{"a":1}', '{"ü":2}', '{"c":3}'], `cut every ${size} bytes`);
  }
});

test('knows the end of the first state', () => {
  const event = decodeWatchEvent({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '9', annotations: { 'k8s.io/initial-events-end': 'true' } } } });
  assert.deepEqual(event, { type: 'BOOKMARK', resourceVersion: '9', isInitialEnd: true });
});

test('throws the error that an event carries', () => {
  assert.throws(() => decodeWatchEvent({ type: 'ERROR', object: { kind: 'Status', reason: 'Expired', code: 410, message: 'too old' } }), (error) => isReason(error, 'Expired'));
});
