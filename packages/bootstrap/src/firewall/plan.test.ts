import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { neededPasses, renderPasses, renderRemoval, restrictingChains } from './plan.ts';

const chain = (family: string, table: string, name: string, more: object): object => ({ chain: { family, table, name, handle: 1, ...more } });
const rule = (family: string, table: string, name: string, handle: number, comment?: string): object => ({ rule: { family, table, chain: name, handle, ...(comment === undefined ? {} : { comment }), expr: [] } });
const ruleset = (...parts: readonly object[]): string => JSON.stringify({ nftables: [{ metainfo: { version: '1.0.6' } }, ...parts] });

const docker = ruleset(
  chain('ip', 'filter', 'FORWARD', { type: 'filter', hook: 'forward', prio: 0, policy: 'drop' }),
  chain('ip', 'filter', 'INPUT', { type: 'filter', hook: 'input', prio: 0, policy: 'accept' }),
  chain('ip', 'filter', 'DOCKER-USER', {}),
  chain('ip', 'nat', 'POSTROUTING', { type: 'nat', hook: 'postrouting', prio: 100, policy: 'accept' }),
  rule('ip', 'filter', 'FORWARD', 4),
);
const firewalld = ruleset(
  chain('inet', 'firewalld', 'filter_FORWARD', { type: 'filter', hook: 'forward', prio: 10, policy: 'accept' }),
  chain('inet', 'firewalld', 'filter_INPUT', { type: 'filter', hook: 'input', prio: 10, policy: 'accept' }),
  rule('inet', 'firewalld', 'filter_FORWARD', 9),
  rule('inet', 'firewalld', 'filter_INPUT', 10),
);

describe('host firewalls', () => {
  const cases: readonly [string, string, boolean, string][] = [
    ['that are not there need nothing', ruleset(), true, ''],
    ['that only accept need nothing', ruleset(chain('ip', 'filter', 'FORWARD', { type: 'filter', hook: 'forward', policy: 'accept' })), true, ''],
    ['of other clusters are no firewalls', ruleset(chain('ip', 'kaji-a', 'f', { type: 'filter', hook: 'forward', policy: 'drop' })), true, ''],
    ['of Docker, which drops what it does not know, are opened both ways', docker, false, 'insert rule ip filter FORWARD iifname "kaji-0" accept comment "kaji-x"\ninsert rule ip filter FORWARD oifname "kaji-0" accept comment "kaji-x"\n'],
    ['of firewalld are opened for what the host serves, too', firewalld, true, 'insert rule inet firewalld filter_FORWARD iifname "kaji-0" accept comment "kaji-x"\ninsert rule inet firewalld filter_FORWARD oifname "kaji-0" accept comment "kaji-x"\ninsert rule inet firewalld filter_INPUT iifname "kaji-0" accept comment "kaji-x"\n'],
  ];
  for (const [name, text, servesCluster, want] of cases) it(name, () => { assert.equal(renderPasses(neededPasses(restrictingChains(text), { servesCluster }), 'kaji-0', 'kaji-x'), want); });

  it('lose only our rules', () => {
    const text = ruleset(rule('ip', 'filter', 'FORWARD', 4), rule('ip', 'filter', 'FORWARD', 7, 'kaji-x'), rule('ip', 'filter', 'FORWARD', 8, 'kaji-xy'));
    assert.equal(renderRemoval(text, 'kaji-x'), 'delete rule ip filter FORWARD handle 7\n');
  });
});
