// Every pod runs as a service account: by default `default`, whose token is mounted unless somebody says no.
import { type ApiObject, notFound } from '@kaji/api';
import { type Container, type Pod, type ServiceAccount, serviceaccounts, type Volume } from '@kaji/api/core/v1';
import { type Clock, nameSuffix, type Random, sleep } from '@kaji/base';
import { podReferences } from '../authorization/pod-references.ts';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep, Attempt } from './admission.ts';
import { deny } from './deny.ts';

const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const volumePrefix = 'kube-api-access-';
const mirrorAnnotation = 'kubernetes.io/config.mirror';

/** Kubernetes: asked of tokens that the kubelet refreshes; the server makes them live longer, see issue-token.ts. */
const tokenSeconds = 3607;

/** The account `default` is made by a controller: a pod made right after its namespace waits this often for it. */
const attempts = 10;

export const serviceAccount = (clock: Clock, random: Random, reader: Reader): AdmissionStep => ({
  name: 'ServiceAccount',
  async mutate(attempt) {
    const pod = podOf(attempt);
    if (pod?.spec === undefined) return;
    if (pod.metadata.annotations?.[mirrorAnnotation] !== undefined) return validate(reader, attempt, pod);
    const name = pod.spec.serviceAccountName === undefined || pod.spec.serviceAccountName === '' ? 'default' : pod.spec.serviceAccountName;
    pod.spec.serviceAccountName = name;
    pod.spec.serviceAccount = name;
    const account = await find(clock, random, reader, attempt, name);
    if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(pod, random);
    if ((pod.spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0) {
      pod.spec.imagePullSecrets = (account.imagePullSecrets ?? []).map(({ name: secret }) => (secret === undefined ? {} : { name: secret }));
    }
    // Kubernetes: judged here already, so that this refusal comes before those of later steps.
    validate(reader, attempt, pod);
  },
  validate(attempt) {
    const pod = podOf(attempt);
    if (pod?.spec !== undefined) validate(reader, attempt, pod);
  },
});

function validate(reader: Reader, attempt: Attempt, pod: Pod & ApiObject): void {
  if (pod.metadata.annotations?.[mirrorAnnotation] !== undefined) {
    checkMirror(attempt, pod);
    return;
  }
  const name = pod.spec?.serviceAccountName ?? '';
  if (name === '') throw deny(attempt, `no service account specified for pod ${attempt.namespace}/${pod.metadata.name ?? ''}`);
  const account = reader.get(serviceaccounts, attempt.namespace, name);
  if (account === undefined) throw lookupFailed(attempt, name);
  if (/^(1|t|T|TRUE|true|True)$/.test(account.metadata.annotations?.['kubernetes.io/enforce-mountable-secrets'] ?? '')) {
    const problem = secretProblem(account, pod);
    if (problem !== undefined) throw deny(attempt, problem);
  }
}

function podOf({ operation, resource, subresource, object }: Attempt): (Pod & ApiObject) | undefined {
  if (operation !== 'CREATE' || resource.group !== '' || resource.plural !== 'pods' || subresource !== '') return undefined;
  return object as (Pod & ApiObject) | undefined; // the resource says so
}

async function find(clock: Clock, random: Random, reader: Reader, attempt: Attempt, name: string): Promise<ServiceAccount & ApiObject> {
  const retryMs = 100 + random() * 100;
  for (let tried = 1; ; tried++) {
    const account = reader.get(serviceaccounts, attempt.namespace, name);
    if (account !== undefined) return account;
    if (name !== 'default' || tried >= attempts) throw lookupFailed(attempt, name);
    await sleep(clock, retryMs);
  }
}

const lookupFailed = (attempt: Attempt, name: string): Error =>
  deny(attempt, `error looking up service account ${attempt.namespace}/${name}: ${notFound({ group: '', plural: 'serviceaccount' }, name).message}`);

function mountToken(pod: Pod, random: Random): void {
  const { spec } = pod;
  if (spec === undefined) return;
  const existing = (spec.volumes ?? []).find((volume) => volume.name.startsWith(volumePrefix));
  const name = existing?.name ?? `${volumePrefix}${nameSuffix(random)}`;
  let isNeeded = false;
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    if ((container.volumeMounts ?? []).some((mount) => mount.mountPath === tokenPath)) continue;
    container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath: tokenPath }];
    isNeeded = true;
  }
  if (existing === undefined && isNeeded) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)];
}

const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: tokenSeconds, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
    ],
    defaultMode: 0o644,
  },
});

/** A mirror pod comes from a file on a node: it must not reach for what the API holds. */
function checkMirror(attempt: Attempt, pod: Pod & ApiObject): void {
  if ((pod.spec?.serviceAccountName ?? '') !== '') throw deny(attempt, 'a mirror pod may not reference service accounts');
  const unmarked = { ...pod, metadata: { ...pod.metadata, annotations: {} } };
  if ([...podReferences(unmarked)].some((reference) => reference.startsWith('secrets/'))) throw deny(attempt, 'a mirror pod may not reference secrets');
  const hasToken = (pod.spec?.volumes ?? []).some((volume) => (volume.projected?.sources ?? []).some((source) => source.serviceAccountToken !== undefined));
  if (hasToken) throw deny(attempt, 'a mirror pod may not use ServiceAccountToken volume projections');
}

function secretProblem(account: ServiceAccount & ApiObject, { spec }: Pod): string | undefined {
  const own = new Set((account.secrets ?? []).map(({ name }) => name));
  const unreferenced = `is not allowed because service account ${account.metadata.name ?? ''} does not reference that`;
  for (const volume of spec?.volumes ?? []) {
    const secret = volume.secret?.secretName;
    if (volume.secret !== undefined && !own.has(secret)) return `volume with secret.secretName="${secret ?? ''}" ${unreferenced} secret`;
  }
  const ofContainer = (what: string, container: Container): string | undefined => {
    for (const { name, valueFrom } of container.env ?? []) {
      const secret = valueFrom?.secretKeyRef?.name;
      if (valueFrom?.secretKeyRef !== undefined && !own.has(secret)) return `${what} ${container.name} with envVar ${name} referencing secret.secretName="${secret ?? ''}" ${unreferenced} secret`;
    }
    for (const { secretRef } of container.envFrom ?? []) {
      if (secretRef !== undefined && !own.has(secretRef.name)) return `${what} ${container.name} with envFrom referencing secret.secretName="${secretRef.name ?? ''}" ${unreferenced} secret`;
    }
    return undefined;
  };
  for (const container of spec?.initContainers ?? []) {
    const problem = ofContainer('init container', container);
    if (problem !== undefined) return problem;
  }
  for (const container of spec?.containers ?? []) {
    const problem = ofContainer('container', container);
    if (problem !== undefined) return problem;
  }
  const pulls = new Set((account.imagePullSecrets ?? []).map(({ name }) => name));
  const index = (spec?.imagePullSecrets ?? []).findIndex(({ name }) => !pulls.has(name));
  return index < 0 ? undefined : `imagePullSecrets[${index}].name="${spec?.imagePullSecrets?.[index]?.name ?? ''}" ${unreferenced} imagePullSecret`;
}
