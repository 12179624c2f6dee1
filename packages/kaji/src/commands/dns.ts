import { createClient } from '@kaji/client';
import { transportFromKubeconfig, transportFromPod } from '@kaji/client/http';
import { dnsConfig, DnsServer, nameservers } from '@kaji/dns';
import { HostError } from '@kaji/host';
import { command, type Shell } from '../command.ts';
import { text } from '../flags.ts';

const dnsPort = 53;

export const dns = command({
  name: 'dns', usage: '', summary: 'Run the cluster\'s DNS server in the foreground',
  details: 'Started by the Deployment kube-dns; without --kubeconfig it finds the API as programs in pods do.',
  examples: ['kaji dns --config /etc/kube-dns/config.yaml'],
  flags: {
    config: text('configuration (domain, address, port, forward, ...)', '', { placeholder: 'FILE' }),
    kubeconfig: text('who this is to the API (default: the pod\'s service account)', '', { placeholder: 'FILE' }),
  },
  async run(shell, { flags }) {
    const { runtime } = shell;
    const config = dnsConfig(flags.config === '' ? '' : await read(shell, flags.config));
    const transport = flags.kubeconfig === '' ? transportFromPod(runtime, shell.environment) : await transportFromKubeconfig(runtime, [flags.kubeconfig]);
    const servers = await Promise.all(config.forward.map(async (each) => (each.startsWith('/') ? nameservers(await read(shell, each)) : [each])));
    const upstreams = servers.flat().map((address) => ({ address, port: dnsPort }));
    try {
      await new DnsServer(runtime, { client: createClient(transport, { userAgent: 'kube-dns' }), upstreams }, config).run(shell.signal);
    } finally {
      await transport.close();
    }
    return 0;
  },
});

async function read(shell: Shell, path: string): Promise<string> {
  const content = await shell.host.files.readText(path);
  if (content === undefined) throw new HostError(`${path} does not exist`);
  return content;
}
