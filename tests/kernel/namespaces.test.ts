/** A cluster's namespaces as the kernel has them: made, connected, closed to the outside, and gone without a trace. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { realClock } from '@kaji/base/real';
import { type ClusterSettings, createNamespaces, endNamespaceProcesses, ensureHostRules, freeSubnet, haveNamespaces, inCluster, inNode, type Layout, layoutOf, nodeAddress, removeNamespaces, removeRunFiles, serverAddress } from '@kaji/bootstrap';
import { realHost } from '@kaji/host';

const skip = process.getuid?.() === 0 ? false : 'needs root';

describe('a cluster\'s namespaces', { skip }, () => {
  const host = realHost();
  const name = `ns-${process.pid}`;
  const data = mkdtempSync(join(tmpdir(), 'kaji-ns-'));
  const layout: Layout = layoutOf(name, data);
  let settings: ClusterSettings;
  const run = (where: readonly string[], command: string): ReturnType<typeof host.processes.run> => host.processes.run([...where, 'sh', '-c', command]);
  const answers = async (where: readonly string[], address: string): Promise<boolean> => (await run(where, `busybox ping -c 1 -W 2 ${address}`)).code === 0;

  before(async () => {
    const subnet = freeSubnet(await host.processes.check(['ip', '-4', 'route', 'show', 'table', 'all']), []);
    settings = { name, nodes: 2, podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/12', subnet: subnet ?? assert.fail('no free network') };
    await createNamespaces(host, layout, settings, { resolvConf: undefined });
    await ensureHostRules(host, settings);
  });
  after(async () => {
    await endNamespaceProcesses(realClock, host, layout);
    await removeNamespaces(host, layout, settings);
    await removeRunFiles(host, layout);
    rmSync(data, { recursive: true, force: true });
  });

  it('are all there', async () => { assert.equal(await haveNamespaces(host, layout, settings), true); });

  it('reach each other, and the host reaches them', async () => {
    assert.equal(await answers([], serverAddress(settings.subnet)), true, 'host to server');
    assert.equal(await answers([], nodeAddress(settings.subnet, 2)), true, 'host to node');
    assert.equal(await answers(inNode(layout.node(1)), nodeAddress(settings.subnet, 2)), true, 'node to node');
    assert.equal(await answers(inCluster(layout), nodeAddress(settings.subnet, 1)), true, 'server to node');
  });

  it('have host names of their own', async () => {
    assert.equal((await run(inNode(layout.node(2)), 'hostname')).stdout, 'node-2\n');
    assert.notEqual((await run([], 'hostname')).stdout, 'node-2\n');
  });

  it('keep their files and mounts to themselves', async () => {
    await run(inNode(layout.node(1)), 'echo one > /var/lib/kubelet/proof && mount -t tmpfs proof /run/netns');
    assert.equal((await run([], `cat ${data}/nodes/node-1/kubelet/proof`)).stdout, 'one\n');
    assert.equal((await run([], 'cat /var/lib/kubelet/proof')).code, 1);
    assert.doesNotMatch((await run([], 'cat /proc/mounts')).stdout, /^proof /m);
    assert.doesNotMatch((await run(inNode(layout.node(2)), 'cat /proc/mounts')).stdout, /^proof /m);
  });

  it('send nothing of the cluster\'s ranges to the outside', async () => {
    for (const where of [inCluster(layout), inNode(layout.node(1))]) assert.match((await run(where, 'ip route get 10.244.7.7')).stderr, /No route to host|unreachable/i);
  });

  it('pass a firewall that drops what it does not know, and leave it as it was', async () => {
    const firewall = ['unshare', '--net', 'sh', '-c'];
    const before = 'nft add table ip filter; nft add chain ip filter FORWARD "{ type filter hook forward priority 0; policy drop; }"';
    const script = `import { realHost } from '@kaji/host'; import { closeFirewalls, openFirewalls } from '@kaji/bootstrap';
      const host = realHost(); const settings = ${JSON.stringify(settings)}; const show = () => host.processes.check(['nft', 'list', 'ruleset']);
      const first = await show(); const opened = await openFirewalls(host, settings, { servesCluster: false }); const second = await show();
      await closeFirewalls(host, settings); console.log(JSON.stringify({ opened, second, isRestored: first === (await show()) }));`;
    const said = JSON.parse((await host.processes.check([...firewall, `${before}; exec "$0" --input-type=module --eval "$1"`, process.execPath, script], { directory: import.meta.dirname }))) as { opened: string[]; second: string; isRestored: boolean };
    assert.deepEqual(said.opened, ['ip filter']);
    assert.match(said.second, new RegExp(`iifname "kaji-${settings.subnet}" accept comment "kaji-${name}"`));
    assert.equal(said.isRestored, true);
  });

  it('vanish with all that is in them', async () => {
    const sleeper = host.processes.spawn([...inNode(layout.node(1)), 'sleep', '1000']);
    await endNamespaceProcesses(realClock, host, layout);
    assert.equal(await sleeper.exited, 137);
    await removeNamespaces(host, layout, settings);
    await removeRunFiles(host, layout);
    assert.equal((await run([], `ip link show kaji-${settings.subnet}`)).code, 1);
    assert.doesNotMatch((await run([], 'nft list tables')).stdout, new RegExp(`kaji-${name}`));
    assert.doesNotMatch((await run([], 'cat /proc/mounts')).stdout, new RegExp(layout.run));
    assert.equal(await host.files.status(layout.run), undefined);
  });
});
