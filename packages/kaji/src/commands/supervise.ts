import { Scope, sleep } from '@kaji/base';
import { componentsOf, hostAddress, livingProcesses, logOf, planResolver, Supervisor } from '@kaji/bootstrap/supervise';
import { HostError } from '@kaji/host';
import { command, type Shell } from '../command.ts';
import { presentClusterFor, targetFlags } from '../target.ts';

const dnsPort = 53;
const retryMs = 5000;

/** The nodes cannot reach a resolver on the host's loopback: it is asked for them, from here. */
async function forwardDns(shell: Shell, address: string, servers: readonly string[], signal: AbortSignal): Promise<void> {
  const { dnsConfig, DnsServer } = await import('@kaji/dns'); // most hosts need none
  const config = { ...dnsConfig(''), address, port: dnsPort, healthPort: 0, readyPort: 0, metricsPort: 0 };
  while (!signal.aborted) {
    try {
      await new DnsServer(shell.runtime, { client: undefined, upstreams: servers.map((server) => ({ address: server, port: dnsPort })) }, config).run(signal);
    } catch (error) {
      // The cluster runs without it; only names from outside are missing until the port is free.
      shell.runtime.log.error('the DNS forwarder failed', error, { address });
      await sleep(shell.runtime.clock, retryMs, signal).catch(() => undefined); // aborted: the loop ends
    }
  }
}

export const supervise = command({
  name: 'supervise', usage: '', summary: 'Keep a cluster\'s processes running, in the foreground',
  details: 'up starts this by itself. The cluster must have been made with up; on a real machine a service manager does this work.',
  examples: ['kaji supervise --name kaji'],
  flags: targetFlags,
  async run(shell, { flags }) {
    const { layout, settings } = await presentClusterFor(shell, flags);
    const other = (await livingProcesses(shell.host, layout.processes)).find((record) => record.component === 'supervise');
    if (other !== undefined) throw new HostError(`cluster ${layout.name} is looked after by process ${other.pid} already; end that one first: kill ${other.pid}`);
    const components = componentsOf(layout, settings, shell.program);
    shell.runtime.log.info('supervising', { cluster: layout.name, components: components.length, log: logOf(layout, 'supervise') });
    await using scope = new Scope(shell.signal);
    const supervisor = new Supervisor(shell.runtime, shell.host, { components, recordsPath: layout.processes, ownPid: shell.processId });
    const { forwardTo } = planResolver((await shell.host.files.readText('/etc/resolv.conf')) ?? '', hostAddress(settings.subnet));
    if (forwardTo.length > 0) scope.run('DNS forwarder', (signal) => forwardDns(shell, hostAddress(settings.subnet), forwardTo, signal));
    // The forwarder ends with the supervisor, and never the other way round.
    await supervisor.run(shell.signal);
    return 0;
  },
});
