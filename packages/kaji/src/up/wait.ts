/** The last phases of `up`: waits for each part to work, puts the images in place, and starts the cluster's DNS. */
import { clusterDomain, type ClusterObject, type ClusterSettings, dnsAddress, imageNames, importImage, inNode, kajiImage, kubeDnsObjects, type Layout, logOf, pauseImage, pauseImageName, writeImageArchive } from '@kaji/bootstrap';
import { ApiError, apiVersionOf, isReason } from '@kaji/api';
import { leases } from '@kaji/api/coordination/v1';
import { type Node, nodes } from '@kaji/api/core/v1';
import { sleep } from '@kaji/base';
import type { Client } from '@kaji/client';
import { HostError } from '@kaji/host';
import type { Identity } from '@kaji/pki';
import type { Shell } from '../command.ts';
import { connectAsAdmin } from '../connect.ts';
import type { Phases } from '../phases.ts';
import { imageSource } from './code.ts';
import { lastLines } from './start.ts';

/** How long a phase may take before `up` gives up and says what it saw. */
const patienceMs = 90_000;

export async function readAdmin(shell: Shell, layout: Layout): Promise<Identity> {
  const [certificatePem, privateKeyPem] = await Promise.all([shell.host.files.readText(`${layout.pki}/admin.crt`), shell.host.files.readText(`${layout.pki}/admin.key`)]);
  if (certificatePem === undefined || privateKeyPem === undefined) throw new HostError(`${layout.pki} is not complete`);
  return { certificatePem, privateKeyPem };
}

interface Target {
  readonly layout: Layout;
  readonly settings: ClusterSettings;
  /** The name of kaji's own image. */
  readonly image: string;
  /** When `up` began. */
  readonly sinceMs: number;
}

export async function waitUntilReady(shell: Shell, phases: Phases, target: Target): Promise<void> {
  const { layout, settings, image } = target;
  const client = await connectAsAdmin(shell, layout);
  try {
    await phases.run('API server', () => until(shell, { log: logOf(layout, 'server'), what: 'the API server does not answer' }, async () => (await readyz(client)) === 200));
    await phases.run('images', () => putImages(shell, layout, settings, image));
    await phases.run('nodes', () => waitForNodes(shell, client, target));
    await phases.run('DNS', async () => {
      await applyObjects(client, kubeDnsObjects({ image, clusterIP: dnsAddress(settings), domain: clusterDomain }));
      await waitForDns(shell, target);
    });
  } finally {
    await client.transport.close();
  }
}

async function readyz(client: Client): Promise<number> {
  const reply = await client.transport.request({ method: 'GET', path: '/readyz', headers: {} });
  for await (const _ of reply.body); // a connection serves its next request once the body was read
  return reply.status;
}

/** Asks again and again, faster at first; a failure to connect is an answer, too. */
async function until(shell: Shell, blame: { readonly log: string; readonly what: string }, isDone: () => Promise<boolean>): Promise<void> {
  const { clock } = shell.runtime;
  const deadline = clock.monotonic() + patienceMs;
  let problem = '';
  for (let delayMs = 5; ; delayMs = Math.min(250, delayMs * 1.3)) {
    try {
      if (await isDone()) return;
    } catch (error) {
      problem = ApiError.from(error).message;
    }
    if (clock.monotonic() > deadline) throw new HostError(`${blame.what}${problem === '' ? '' : ` (${problem})`}\nThe end of ${blame.log}:\n${await lastLines(shell, blame.log)}`);
    await sleep(clock, delayMs, shell.signal);
  }
}

/** An archive is built only when a node lacks its image, and is not kept. */
async function putImages(shell: Shell, layout: Layout, settings: ClusterSettings, kajiName: string): Promise<string> {
  const { host } = shell;
  const missing = new Map<string, string[]>();
  for (let index = 1; index <= settings.nodes; index++) {
    const node = layout.node(index);
    await until(shell, { log: logOf(layout, `containerd-${node.name}`), what: `containerd of ${node.name} does not answer` }, async () => (await host.files.status(node.containerdSocket)) !== undefined);
    const present = await imageNames(host, node.containerdSocket);
    for (const name of [pauseImageName, kajiName]) if (!present.has(name)) missing.set(name, [...(missing.get(name) ?? []), node.containerdSocket]);
  }
  for (const [name, sockets] of missing) {
    const archive = `${layout.images}/${name === pauseImageName ? 'pause' : 'kaji'}.tar`;
    await writeImageArchive(host.files, archive, name === pauseImageName ? pauseImage(host.facts.architecture) : await kajiImage(host, name, imageSource(shell, layout)));
    await Promise.all(sockets.map((socket) => importImage(host, socket, archive, shell.signal)));
    await host.files.remove(archive);
  }
  return [...missing.keys()].map((name) => name.replace('localhost/kaji/', '')).join(' ');
}

const isReady = (node: Node): boolean => node.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;

/** Ready, and heard of since `up` began: what a node said before a crash is not believed. */
async function waitForNodes(shell: Shell, client: Client, target: Target): Promise<void> {
  const { layout, settings, sinceMs } = target;
  await until(shell, { log: logOf(layout, layout.node(1).name), what: 'not every node is Ready' }, async () => {
    const [all, beats] = await Promise.all([client.list(nodes), client.list(leases, { namespace: 'kube-node-lease' })]);
    const heard = new Set(beats.items.filter((lease) => Date.parse(lease.spec?.renewTime ?? '') >= sinceMs).map((lease) => lease.metadata.name));
    return all.items.filter((node) => isReady(node) && heard.has(node.metadata.name)).length >= settings.nodes;
  });
}

/** Asks the cluster's DNS from a node, through its Service: the answer shows that pods are scheduled, started, reached and serve. */
async function waitForDns(shell: Shell, { layout, settings }: Target): Promise<void> {
  const node = layout.node(1);
  const question = [...inNode(node), 'busybox', 'timeout', '1', 'busybox', 'nslookup', '-type=a', `kubernetes.default.svc.${clusterDomain}`, dnsAddress(settings)];
  await until(shell, { log: logOf(layout, node.name), what: 'the DNS pod does not answer; see: kubectl -n kube-system describe pod -l k8s-app=kube-dns' }, async () => (await shell.host.processes.run(question)).code === 0);
}

/** Creates what is missing and brings the rest up to date. Configuration is the users' own once it is there. */
async function applyObjects(client: Client, objects: readonly ClusterObject[]): Promise<void> {
  for (const { resource, object } of objects) {
    const { name, namespace = '' } = object.metadata;
    const whole = { apiVersion: apiVersionOf(resource), kind: resource.kind, ...object };
    try {
      await client.create(resource, whole);
    } catch (error) {
      if (!isReason(error, 'AlreadyExists') && !isReason(error, 'Invalid')) throw error; // Invalid: its address is taken, by itself
      // Not a strategic patch: it tells the ports of a Service apart by number alone, and DNS has one number twice.
      if (resource.kind !== 'ConfigMap') await client.patch(resource, { namespace, name: name ?? '' }, { type: 'merge', body: whole });
    }
  }
}
