import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planResolver, type Resolver } from './resolver.ts';

describe('the nodes\' resolver', () => {
  const cases: readonly [string, string, Resolver][] = [
    ['is the host\'s where that is elsewhere', '# a comment\nsearch home\nnameserver 192.0.2.53\n', { text: 'nameserver 192.0.2.53\nsearch home\n', forwardTo: [] }],
    ['is a forwarder where the host asks itself', 'nameserver 127.0.0.53\noptions edns0\n', { text: 'nameserver 172.30.0.1\noptions edns0\n', forwardTo: ['127.0.0.53'] }],
    ['leaves out only what cannot be reached', 'nameserver 127.0.0.1\nnameserver 192.0.2.53\n', { text: 'nameserver 192.0.2.53\n', forwardTo: [] }],
    ['is a forwarder where the host names no server', '', { text: 'nameserver 172.30.0.1\n', forwardTo: ['127.0.0.1'] }],
  ];
  for (const [name, text, want] of cases) it(name, () => { assert.deepEqual(planResolver(text, '172.30.0.1'), want); });
});
