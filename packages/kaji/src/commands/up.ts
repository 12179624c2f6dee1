import { type ClusterSettings, clusterNames, dataRoot, doOverlap, findLayout, freeSubnet, isClusterName, kubeconfigFile, type Layout, livingProcesses, maxNodes, mergeKubeconfig, networkOf, parseRange, readSettings, serverUrl, withClusterLock, writeKubeconfig, writeSettings } from '@kaji/bootstrap';
import { HostError } from '@kaji/host';
import { command, type Shell } from '../command.ts';
import { integer, text, toggle, UsageError } from '../flags.ts';
import { phaseReporter } from '../phases.ts';
import { layoutFor, targetFlags } from '../target.ts';
import { linkCode } from '../up/code.ts';
import { checkMachine } from '../up/machine.ts';
import { prepare, startProcesses } from '../up/start.ts';
import { readAdmin, waitUntilReady } from '../up/wait.ts';

const upFlags = {
  ...targetFlags,
  nodes: integer('how many nodes', 1),
  podCidr: text('addresses of pods', '10.244.0.0/16', { placeholder: 'CIDR' }),
  serviceCidr: text('addresses of Services', '10.96.0.0/12', { placeholder: 'CIDR' }),
  noInstall: toggle('install no Debian packages; say what is missing and end'),
};

type UpFlags = { readonly [K in keyof typeof upFlags]: (typeof upFlags)[K]['default'] };

export const up = command({
  name: 'up', usage: '', summary: 'Start a real Kubernetes cluster on this machine',
  details: 'Sets up what is missing, starts the cluster and returns when a pod can be scheduled and answer. The cluster keeps running.\nAfter stop, a crash or a reboot, up brings the cluster back with its data.',
  examples: ['kaji up', 'kaji up --nodes 3', 'kaji up --name second'],
  flags: upFlags,
  async run(shell, { args, flags, given }) {
    if (args.length > 0) throw new UsageError(`up takes no arguments, but got ${args.join(' ')}`);
    checkFlags(flags);
    const layout = await layoutFor(shell, flags);
    return withClusterLock(shell.host, { name: layout.name, processId: shell.processId }, () => bringUp(shell, layout, flags, given));
  },
});

async function bringUp(shell: Shell, layout: Layout, flags: UpFlags, given: ReadonlySet<string>): Promise<number> {
  const { host, runtime } = shell;
  const existing = await readSettings(host, layout);
  for (const [name, kept] of [['nodes', existing?.nodes], ['podCidr', existing?.podCidr], ['serviceCidr', existing?.serviceCidr]] as const) {
    if (kept !== undefined && given.has(name) && flags[name] !== kept) throw new UsageError(`cluster ${layout.name} was made with ${name} ${kept}, which cannot be changed; remove it first with: kaji down --name ${layout.name}`);
  }
  if (existing !== undefined && (await isRunning(shell, layout, existing))) {
    shell.out(`Cluster ${layout.name} is running already; nothing was changed.\n${nextCommand(layout)}`);
    return 0;
  }
  const startedAt = runtime.clock.monotonic();
  const sinceMs = runtime.clock.now();
  const phases = phaseReporter(runtime, shell);
  const machine = await checkMachine(shell, phases, { mayInstall: !flags.noInstall, dataDirectory: layout.data });
  const settings = existing ?? (await createSettings(shell, layout, flags));
  const linking = linkCode(shell, layout);
  linking.catch(() => undefined); // told of below
  const pki = await prepare(shell, phases, { layout, settings, machine });
  const image = await phases.run('code', () => linking);
  await startProcesses(shell, phases, layout, settings);
  await waitUntilReady(shell, phases, { layout, settings, image, sinceMs });
  await phases.run('kubeconfig', async () => {
    const file = kubeconfigFile(shell.environment, (await host.files.readText('/etc/passwd')) ?? '');
    const merged = mergeKubeconfig((await host.files.readText(file.path)) ?? '', contextOf(layout), { server: serverUrl(settings), authorityPem: pki.authorityPem, identity: await readAdmin(shell, layout) });
    await writeKubeconfig(host, file, merged);
    return `context ${contextOf(layout)} in ${file.path}`;
  });
  shell.out(`Cluster ${layout.name} is ready after ${((runtime.clock.monotonic() - startedAt) / 1000).toFixed(1)} s.\n${nextCommand(layout)}`);
  return 0;
}

async function isRunning(shell: Shell, layout: Layout, settings: ClusterSettings): Promise<boolean> {
  const wanted = 2 + 2 * settings.nodes;
  return (await livingProcesses(shell.host, layout.processes)).length === wanted;
}

function checkFlags({ nodes, podCidr, serviceCidr, name }: UpFlags): void {
  if (!isClusterName(name)) throw new UsageError(`${JSON.stringify(name)} is no name for a cluster: lower-case letters, digits and dashes, 32 at most`);
  if (nodes < 1 || nodes > maxNodes) throw new UsageError(`--nodes must be between 1 and ${maxNodes}, not ${nodes}`);
  const pods = parseRange(podCidr);
  const services = parseRange(serviceCidr);
  if (pods === undefined) throw new UsageError(`--pod-cidr ${JSON.stringify(podCidr)} is no IPv4 range such as 10.244.0.0/16`);
  if (services === undefined) throw new UsageError(`--service-cidr ${JSON.stringify(serviceCidr)} is no IPv4 range such as 10.96.0.0/12`);
  if (pods.size < nodes * 256) throw new UsageError(`--pod-cidr ${podCidr} is too small: each of the ${nodes} nodes needs 256 addresses`);
  if (services.size < 16) throw new UsageError(`--service-cidr ${serviceCidr} is too small: it needs at least 16 addresses`);
  if (doOverlap(pods, services)) throw new UsageError(`--pod-cidr ${podCidr} and --service-cidr ${serviceCidr} overlap`);
}

async function createSettings(shell: Shell, layout: Layout, flags: UpFlags): Promise<ClusterSettings> {
  const { host } = shell;
  if ((await host.files.list(layout.data)).length > 0) throw new UsageError(`${layout.data} is not empty and holds no cluster; give another directory with --data-dir`);
  const taken: number[] = [];
  for (const name of await clusterNames(host)) {
    const other = await readSettings(host, await findLayout(host, name));
    if (other !== undefined) taken.push(other.subnet);
  }
  const subnet = freeSubnet(await host.processes.check(['ip', '-4', 'route', 'show', 'table', 'all']), taken);
  if (subnet === undefined) throw new HostError('every network in 172.30.0.0/16 is in use by a route of this machine; see: ip route show table all');
  const own = parseRange(networkOf(subnet));
  for (const range of [parseRange(flags.podCidr), parseRange(flags.serviceCidr)]) {
    if (own !== undefined && range !== undefined && doOverlap(own, range)) throw new UsageError(`the cluster's own network ${networkOf(subnet)} lies in one of its ranges; choose other ones with --pod-cidr or --service-cidr`);
  }
  const settings = { name: layout.name, nodes: flags.nodes, podCidr: flags.podCidr, serviceCidr: flags.serviceCidr, subnet };
  await writeSettings(host, layout, settings);
  // Later commands find the data by the name alone.
  const usual = `${dataRoot}/${layout.name}`;
  if (layout.data !== usual && (await host.files.readLink(usual)) !== layout.data) {
    await host.files.remove(usual);
    await host.files.symlink(layout.data, usual);
  }
  return settings;
}

const contextOf = (layout: Layout): string => `kaji-${layout.name}`;
const nextCommand = (layout: Layout): string => `Try it:\n\n  kubectl --context ${contextOf(layout)} get nodes\n`;
