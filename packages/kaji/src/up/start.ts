/** The middle phases of `up`: files, namespaces, processes. Each makes only what is not there. */
import { adminClient, type ClusterSettings, clientsOf, componentsOf, createNamespaces, endContainers, endNamespaceProcesses, ensureHostRules, ensurePki, haveNamespaces, hostAddress, type Layout, livingProcesses, logOf, type Observed, openFirewalls, type Pki, planResolver, removeNamespaces, removeRunFiles, renderKubeconfig, serverUrl, supervisorProgram, writeNodeFiles } from '@kaji/bootstrap';
import { sleep } from '@kaji/base';
import { HostError } from '@kaji/host';
import type { Shell } from '../command.ts';
import type { Phases } from '../phases.ts';
import { compileEnvironment, linkedProgram } from './code.ts';

const supervisorStartMs = 10_000;
/** The C library would keep a heap for each thread of a process; they rarely ask at the same time. */
const memoryArenas = '2';

export interface Preparation {
  readonly layout: Layout;
  readonly settings: ClusterSettings;
  readonly machine: Observed;
}

export async function prepare(shell: Shell, phases: Phases, { layout, settings, machine }: Preparation): Promise<Pki> {
  const { host, runtime } = shell;
  const pki = await phases.run('certificates', async () => {
    const made = await ensurePki(runtime, host, layout, settings);
    await host.files.makeDirectory(layout.kubeconfigs, { mode: 0o700 });
    for (const client of clientsOf(settings)) {
      if (client.file.startsWith('kubelet-') || client.file === 'kube-proxy') continue; // these lie in their nodes
      const access = { server: serverUrl(settings), authorityPem: made.authorityPem, identity: made.client(client) };
      await host.files.write(`${layout.kubeconfigs}/${client.file}.conf`, renderKubeconfig(client === adminClient ? `kaji-${layout.name}` : client.file, access), { mode: 0o600, isAtomic: true });
    }
    return made;
  });
  const resolver = planResolver((await host.files.readText('/etc/resolv.conf')) ?? '', hostAddress(settings.subnet));
  const nodes = Array.from({ length: settings.nodes }, (_, index) => layout.node(index + 1));
  await phases.run('configuration', async () => {
    for (const directory of [layout.logs, layout.server, layout.images]) await host.files.makeDirectory(directory, { mode: 0o700 });
    const containerd = { canLowerOomScore: machine.canLowerOomScore, cniBinDirectory: machine.cniPlugins ?? '/usr/lib/cni' };
    for (const node of nodes) await writeNodeFiles(host, layout, node, { settings, pki, containerd, resolvConf: resolver.text });
  });
  await phases.run('namespaces', async () => {
    if (!(await haveNamespaces(host, layout, settings))) {
      // Half of them is what an interrupted command left: nothing in them can be used.
      await endContainers(runtime.clock, host, layout);
      await endNamespaceProcesses(runtime.clock, host, layout);
      await removeNamespaces(host, layout, settings);
      await removeRunFiles(host, layout);
      const first = nodes[0];
      const resolvConf = resolver.forwardTo.length > 0 && first !== undefined ? `${first.data}/etc/kubernetes/resolv.conf` : undefined;
      await createNamespaces(host, layout, settings, { resolvConf });
    }
    await ensureHostRules(host, settings);
    const opened = await openFirewalls(host, settings, { servesCluster: resolver.forwardTo.length > 0 });
    return opened.length === 0 ? '' : `let through ${opened.join(', ')}`;
  });
  return pki;
}

/** Starts the supervisor, which starts the rest and takes over what still runs. */
export async function startProcesses(shell: Shell, phases: Phases, layout: Layout, settings: ClusterSettings): Promise<void> {
  const { host, runtime } = shell;
  const wanted = componentsOf(layout, settings, shell.program).length + 1;
  await phases.run('processes', async () => {
    const running = await livingProcesses(host, layout.processes);
    const supervisor = running.find((record) => record.component === 'supervise');
    const pid = supervisor?.pid ?? spawnSupervisor(shell, layout);
    const until = runtime.clock.monotonic() + supervisorStartMs;
    while ((await livingProcesses(host, layout.processes)).length < wanted) {
      if (!host.processes.isAlive(pid)) throw new HostError(`the supervisor ended at once\nIts log says:\n${await lastLines(shell, logOf(layout, 'supervise'))}`);
      if (runtime.clock.monotonic() > until) throw new HostError(`not all processes came up within ${supervisorStartMs / 1000} s; see: kaji status --name ${layout.name}`);
      await sleep(runtime.clock, 10, shell.signal);
    }
  });
}

function spawnSupervisor(shell: Shell, layout: Layout): number {
  const child = shell.host.processes.spawn([...supervisorProgram(linkedProgram(shell, layout)), 'supervise', '--name', layout.name, '--data-dir', layout.data], {
    isDetached: true, logFile: logOf(layout, 'supervise'), environment: { ...compileEnvironment(layout), MALLOC_ARENA_MAX: memoryArenas },
  });
  child.release();
  return child.pid;
}

/** The end of a log, for an error message. */
export async function lastLines(shell: Shell, path: string, count = 10): Promise<string> {
  const text = (await shell.host.files.readText(path)) ?? '(nothing)';
  return text.trimEnd().split('\n').slice(-count).map((line) => `  ${line}`).join('\n');
}
