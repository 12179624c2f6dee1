/** Defaults of pods and pod templates that no single field can state. */
import { addQuantities, compareQuantities } from '@kaji/schema';
import type { Container, EphemeralContainer } from './container.ts';
import { listWith } from './first-of-list.ts';
import type { PodSpec, PodTemplateSpec } from './pod-spec.ts';
import type { Pod } from './pod.ts';
import type { Volume } from './volume.ts';

type Quantities = Record<string, string>;

/** Characters of the repository's path; images of Docker's own library have one that is not written. */
function pathLength(image: string): number {
  const name = image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
  const [host = '', ...rest] = name.split('/');
  if (rest.length > 0 && (/[.:]/.test(host) || host === 'localhost')) return rest.join('/').length;
  return name.length + (rest.length === 0 ? 'library/'.length : 0);
}

/** The tag of an image's name: `latest` when it has neither tag nor digest, '' when the name is malformed. */
export function imageTag(image: string): string {
  const match = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::\d+)?\/|\[[0-9a-fA-F:]+\](?::\d+)?\/)?(?:[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*\/)*[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?::([\w][\w.-]{0,127}))?(@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$/.exec(image);
  if (match === null || /^[0-9a-f]{64}$/.test(image) || pathLength(image) > 255) return '';
  const [, tag, digest] = match;
  return tag ?? (digest === undefined ? 'latest' : '');
}

const pullPolicy = (image: string | undefined): 'Always' | 'IfNotPresent' => (imageTag(image ?? '') === 'latest' ? 'Always' : 'IfNotPresent');

function defaultContainer(container: Container | EphemeralContainer): void {
  container.imagePullPolicy ??= pullPolicy(container.image);
}

const isSource = (key: string): boolean => key !== 'name';

function defaultVolume(volume: Volume): void {
  if (!Object.keys(volume).some(isSource)) volume.emptyDir = {};
  const { image } = volume;
  if (image !== undefined) image.pullPolicy ??= pullPolicy(image.reference);
}

/** What holds for every pod spec, in a template or in a pod. */
export function defaultPodSpec(spec: PodSpec): void {
  spec.containers.forEach(defaultContainer);
  spec.initContainers?.forEach(defaultContainer);
  spec.ephemeralContainers?.forEach(defaultContainer);
  spec.volumes?.forEach(defaultVolume);
  // Kubernetes: serviceAccount is the old name of the field, and both say the same.
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  if (account !== undefined) [spec.serviceAccountName, spec.serviceAccount] = [account, account];
}

/** Defaults of a controller's pod template. */
export function defaultPodTemplate(template: PodTemplateSpec | undefined): void {
  if (template !== undefined) defaultPodSpec(template.spec);
}

function requestWhatIsLimited(container: Container): void {
  const { resources } = container;
  if (resources?.limits === undefined) return;
  resources.requests = { ...resources.limits, ...resources.requests };
}

const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

/** What all containers together ask for: sidecars and containers added up, the largest other init container as the least. */
export function sumOfContainers(spec: PodSpec, pick: (container: Container) => Readonly<Quantities> | undefined): Quantities {
  const total: Quantities = {};
  const add = (amounts: Readonly<Quantities>): void => {
    for (const [name, amount] of Object.entries(amounts)) total[name] = total[name] === undefined ? amount : addQuantities(total[name], amount);
  };
  for (const container of spec.containers) add(pick(container) ?? {});
  const initial: Quantities = {};
  const sidecars: Quantities = {};
  for (const container of spec.initContainers ?? []) {
    const wanted = { ...pick(container) };
    if (container.restartPolicy === 'Always') {
      add(wanted);
      for (const [name, amount] of Object.entries(wanted)) sidecars[name] = sidecars[name] === undefined ? amount : addQuantities(sidecars[name], amount);
    } else for (const [name, amount] of Object.entries(sidecars)) wanted[name] = wanted[name] === undefined ? amount : addQuantities(wanted[name], amount);
    for (const [name, amount] of Object.entries({ ...sidecars, ...wanted })) if (initial[name] === undefined || compareQuantities(amount, initial[name]) > 0) initial[name] = amount;
  }
  for (const [name, amount] of Object.entries(initial)) if (total[name] === undefined || compareQuantities(amount, total[name]) > 0) total[name] = amount;
  return total;
}

/** Limits and requests of the pod as a whole, where it states some. */
function defaultPodResources(spec: PodSpec): void {
  const { resources } = spec;
  if (resources === undefined) return;
  if (resources.limits !== undefined || resources.requests !== undefined) {
    const limits = { ...resources.limits };
    for (const [name, amount] of Object.entries(sumOfContainers(spec, (container) => container.resources?.limits))) {
      if (name.startsWith('hugepages-') && resources.requests?.[name] === undefined && limits[name] === undefined) limits[name] = amount;
    }
    if (Object.keys(limits).length > 0) resources.limits = limits;
  }
  if (resources.limits === undefined) return;
  const requests = { ...resources.requests };
  for (const [name, amount] of Object.entries(sumOfContainers(spec, (container) => container.resources?.requests))) {
    if (requests[name] === undefined && isPodLevel(name) && !name.startsWith('hugepages-')) requests[name] = amount;
  }
  for (const [name, amount] of Object.entries(resources.limits)) if (requests[name] === undefined && isPodLevel(name)) requests[name] = amount;
  if (Object.keys(requests).length > 0) resources.requests = requests;
}

export function defaultPod(pod: Pod): void {
  const { spec, status } = pod;
  const addresses = status && listWith(status.podIP, status.podIPs, { of: ({ ip }) => ip, from: (ip) => ({ ip }) });
  if (status !== undefined && addresses?.[0] !== undefined) [status.podIP, status.podIPs] = [addresses[0].ip, addresses];
  // Kubernetes: of pods only; a template keeps what it says.
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
  defaultPodSpec(spec);
  spec.containers.forEach(requestWhatIsLimited);
  spec.initContainers?.forEach(requestWhatIsLimited);
  defaultPodResources(spec);
  spec.enableServiceLinks ??= true;
  if (spec.hostNetwork !== true) return;
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const port of container.ports ?? []) if (port.hostPort === undefined || port.hostPort === 0) port.hostPort = port.containerPort;
  }
}
