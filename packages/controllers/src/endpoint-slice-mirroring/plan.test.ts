import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desired } from './plan.ts';

test('mirrors addresses and their readiness, by family and ports', () => {
  const found = desired({ metadata: { name: 'own' }, subsets: [{ addresses: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }], notReadyAddresses: [{ ip: '10.0.0.2', nodeName: 'n' }], ports: [{ port: 80 }] }] });
  assert.deepEqual(found, [
    { addressType: 'IPv4', ports: [{ name: '', port: 80, protocol: 'TCP' }], endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true } }, { addresses: ['10.0.0.2'], conditions: { ready: false }, nodeName: 'n' }] },
    { addressType: 'IPv6', ports: [{ name: '', port: 80, protocol: 'TCP' }], endpoints: [{ addresses: ['fd00::1'], conditions: { ready: true } }] },
  ]);
});

test('mirrors nothing where there is nothing', () => { assert.deepEqual(desired({ metadata: { name: 'own' } }), []); });
