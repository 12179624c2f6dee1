// A kubelet writes what is its own: its Node, its Lease, the status of its pods, mirror pods, tokens for pods on it.
import { type ApiObject, notFound } from '@kaji/api';
import type { TokenRequest } from '@kaji/api/authentication/v1';
import type { CertificateSigningRequest } from '@kaji/api/certificates/v1';
import { type Node, nodes, persistentvolumeclaims, type PersistentVolumeClaim, persistentvolumes, type Pod, pods } from '@kaji/api/core/v1';
import type { ResourceSlice } from '@kaji/api/resource/v1';
import { csidrivers } from '@kaji/api/storage/v1';
import { parseRequest } from '@kaji/pki';
import { isDeepEqual } from '@kaji/schema';
import { type Authorizer, resourceAction } from '../authorization/authorizer.ts';
import { nodeNameOf } from '../authorization/node-authorizer.ts';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep, Attempt } from './admission.ts';
import { deny } from './deny.ts';
import { forbiddenLabels, referencedKind } from './node-limits.ts';

const mirrorAnnotation = 'kubernetes.io/config.mirror';

interface Doors {
  readonly reader: Reader;
  readonly authorizer: Authorizer;
}

export const nodeRestriction = (doors: Doors): AdmissionStep => ({
  name: 'NodeRestriction',
  mutate(attempt) {
    const node = nodeNameOf(attempt.user);
    if (node === undefined || attempt.operation === 'CONNECT') return;
    if (node === '') throw deny(attempt, `could not determine node from user ${JSON.stringify(attempt.user.name)}`);
    const { group, plural } = attempt.resource;
    check[group === '' ? plural : `${plural}.${group}`]?.(node, attempt, doors);
  },
});

const check: Readonly<Record<string, (node: string, attempt: Attempt, doors: Doors) => void>> = {
  'pods': checkPod, 'nodes': checkNode, 'persistentvolumeclaims': checkClaim, 'serviceaccounts': checkToken, 'leases.coordination.k8s.io': checkLease,
  'csinodes.storage.k8s.io': checkCsiNode, 'resourceslices.resource.k8s.io': checkSlice, 'certificatesigningrequests.certificates.k8s.io': checkCertificate,
};

function checkPod(node: string, attempt: Attempt, doors: Doors): void {
  switch (attempt.subresource) {
    case '':
      if (attempt.operation === 'CREATE') checkMirrorPod(node, attempt, doors);
      else if (attempt.operation === 'DELETE') {
        if (existingPod(attempt, attempt.name, doors).spec?.nodeName !== node) throw deny(attempt, `node ${JSON.stringify(node)} can only delete pods with spec.nodeName set to itself`);
      } else throw deny(attempt, `unexpected operation ${JSON.stringify(attempt.operation)}, node ${JSON.stringify(node)} can only create and delete mirror pods`);
      return;
    case 'status': return checkPodStatus(node, attempt);
    case 'eviction': {
      if (attempt.operation !== 'CREATE') throw deny(attempt, `unexpected operation ${attempt.operation}`);
      const name = attempt.name === '' ? attempt.object?.metadata.name ?? '' : attempt.name;
      if (name === '') throw deny(attempt, 'could not determine pod from request data');
      if (existingPod(attempt, name, doors).spec?.nodeName !== node) throw deny(attempt, `node ${node} can only evict pods with spec.nodeName set to itself`);
      return;
    }
    default: throw deny(attempt, `unexpected pod subresource ${JSON.stringify(attempt.subresource)}, only 'status' and 'eviction' are allowed`);
  }
}

function existingPod(attempt: Attempt, name: string, { reader }: Doors): Pod {
  const pod = reader.get(pods, attempt.namespace, name);
  if (pod === undefined) throw notFound({ group: '', plural: 'pod' }, name);
  return pod;
}

function checkMirrorPod(node: string, attempt: Attempt, { reader }: Doors): void {
  const pod = attempt.object as Pod & ApiObject; // the resource says so
  const quoted = JSON.stringify(node);
  if (pod.metadata.annotations?.[mirrorAnnotation] === undefined) throw deny(attempt, `pod does not have ${JSON.stringify(mirrorAnnotation)} annotation, node ${quoted} can only create mirror pods`);
  if (pod.spec?.nodeName !== node) throw deny(attempt, `node ${quoted} can only create pods with spec.nodeName set to itself`);
  const [owner, ...others] = pod.metadata.ownerReferences ?? [];
  if (others.length > 0) throw deny(attempt, `node ${quoted} can only create pods with a single owner reference set to itself`);
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node) throw deny(attempt, `node ${quoted} can only create pods with an owner reference set to itself`);
  if (owner.controller !== true) throw deny(attempt, `node ${quoted} can only create pods with a controller owner reference set to itself`);
  if (owner.blockOwnerDeletion === true) throw deny(attempt, `node ${quoted} must not set blockOwnerDeletion on an owner reference`);
  const own = reader.get(nodes, '', node);
  if (own === undefined) throw notFound({ group: '', plural: 'node' }, node);
  if (owner.uid !== own.metadata.uid) throw deny(attempt, `node ${node} UID mismatch: expected ${owner.uid} got ${own.metadata.uid ?? ''}`);
  const referenced = referencedKind(pod);
  if (referenced !== undefined) throw deny(attempt, `node ${quoted} can not create pods that reference ${referenced}`);
}

function checkPodStatus(node: string, attempt: Attempt): void {
  if (attempt.operation !== 'UPDATE') throw deny(attempt, `unexpected operation ${JSON.stringify(attempt.operation)}`);
  const [pod, old] = [attempt.object as Pod & ApiObject, attempt.old as Pod & ApiObject]; // the resource says so
  const quoted = JSON.stringify(node);
  if (old.spec?.nodeName !== node) throw deny(attempt, `node ${quoted} can only update pod status for pods with spec.nodeName set to itself`);
  if (!isDeepEqual(pod.metadata.labels ?? {}, old.metadata.labels ?? {})) throw deny(attempt, `node ${quoted} cannot update labels through pod status`);
  if (!isDeepEqual(pod.status?.resourceClaimStatuses ?? [], old.status?.resourceClaimStatuses ?? [])) throw deny(attempt, `node ${quoted} cannot update resource claim statues`);
  if (!isDeepEqual(pod.status?.extendedResourceClaimStatus ?? {}, old.status?.extendedResourceClaimStatus ?? {})) throw deny(attempt, `node ${quoted} cannot update extended resource claim status`);
}

function checkClaim(node: string, attempt: Attempt): void {
  if (attempt.subresource !== 'status') throw deny(attempt, 'may only update PVC status');
  if (attempt.operation !== 'UPDATE') throw deny(attempt, `unexpected operation ${JSON.stringify(attempt.operation)}`);
  const comparable = (object: ApiObject | undefined): unknown => {
    const { metadata, status, ...rest } = object as PersistentVolumeClaim & ApiObject; // the resource says so
    const { resourceVersion: _version, managedFields: _managed, ...identity } = metadata;
    const { capacity: _capacity, conditions: _conditions, allocatedResourceStatuses: _statuses, allocatedResources: _allocated, ...state } = status ?? {};
    return { ...rest, metadata: identity, status: state };
  };
  if (!isDeepEqual(comparable(attempt.object), comparable(attempt.old))) throw deny(attempt, `node ${JSON.stringify(node)} is not allowed to update fields other than status.quantity and status.conditions`);
}

function checkNode(node: string, attempt: Attempt): void {
  const name = attempt.name === '' ? attempt.object?.metadata.name ?? '' : attempt.name;
  const quoted = JSON.stringify(node);
  if (name !== node) throw deny(attempt, `node ${quoted} is not allowed to modify node ${JSON.stringify(name)}`);
  if (attempt.operation === 'DELETE') return;
  const [object, old] = [attempt.object as Node & ApiObject, attempt.old as (Node & ApiObject) | undefined]; // the resource says so
  const labels = forbiddenLabels(object.metadata.labels ?? {}, old === undefined ? undefined : old.metadata.labels ?? {});
  if (attempt.operation === 'CREATE') {
    if (object.spec?.configSource !== undefined) throw deny(attempt, `node ${quoted} is not allowed to create pods with a non-nil configSource`);
    if (labels.length > 0) throw deny(attempt, `node ${quoted} is not allowed to set the following labels: ${labels.join(', ')}`);
    return;
  }
  if (object.spec?.configSource !== undefined && !isDeepEqual({ ...object.spec.configSource }, { ...old?.spec?.configSource })) throw deny(attempt, `node ${quoted} is not allowed to update configSource to a new non-nil configSource`);
  if (!isDeepEqual(object.spec?.taints ?? [], old?.spec?.taints ?? [])) throw deny(attempt, `node ${quoted} is not allowed to modify taints`);
  if (!isDeepEqual(object.metadata.ownerReferences ?? [], old?.metadata.ownerReferences ?? [])) throw deny(attempt, `node ${quoted} is not allowed to modify ownerReferences`);
  if (labels.length > 0) throw deny(attempt, `is not allowed to modify labels: ${labels.join(', ')}`);
}

function checkToken(node: string, attempt: Attempt, doors: Doors): void {
  if (attempt.operation !== 'CREATE' || attempt.subresource !== 'token') return;
  const request = attempt.object as TokenRequest & ApiObject; // the subresource says so
  const reference = request.spec.boundObjectRef;
  if (reference?.apiVersion !== 'v1' || reference.kind !== 'Pod' || (reference.name ?? '') === '') throw deny(attempt, 'node requested token not bound to a pod');
  if ((reference.uid ?? '') === '') throw deny(attempt, 'node requested token with a pod binding without a uid');
  const pod = existingPod(attempt, reference.name ?? '', doors) as Pod & ApiObject; // the reader's objects have metadata
  if (pod.metadata.uid !== reference.uid) throw deny(attempt, `the UID in the bound object reference (${reference.uid ?? ''}) does not match the UID in record. The object might have been deleted and then recreated`);
  if (pod.spec?.nodeName !== node) throw deny(attempt, 'node requested token bound to a pod scheduled on a different node');
  const audiences = request.spec.audiences ?? [];
  if (audiences.length > 1) throw deny(attempt, 'node may only request 0 or 1 audiences');
  const audience = audiences[0] ?? '';
  if (namesAudience(pod, audience, doors.reader)) return;
  const ask = resourceAction({ verb: 'request-serviceaccounts-token-audience', version: 'v1', plural: audience, namespace: attempt.namespace, name: attempt.name });
  if (doors.authorizer.authorize(attempt.user, ask).isAllowed) return;
  throw deny(attempt, `audience ${JSON.stringify(audience)} not found in pod spec volume, ${attempt.user.name} is not authorized to request tokens for this audience`);
}

/** Whether a volume of the pod asks for a token of this audience, itself or through a storage driver. */
function namesAudience(pod: Pod & ApiObject, audience: string, reader: Reader): boolean {
  return (pod.spec?.volumes ?? []).some((volume) => {
    if ((volume.projected?.sources ?? []).some(({ serviceAccountToken }) => serviceAccountToken !== undefined && (serviceAccountToken.audience ?? '') === audience)) return true;
    const claim = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral === undefined ? undefined : `${pod.metadata.name ?? ''}-${volume.name}`);
    const bound = claim === undefined ? undefined : reader.get(persistentvolumeclaims, pod.metadata.namespace ?? '', claim)?.spec?.volumeName;
    const driver = volume.csi?.driver ?? (bound === undefined ? undefined : reader.get(persistentvolumes, '', bound)?.spec?.csi?.driver);
    const requests = driver === undefined ? [] : reader.get(csidrivers, '', driver)?.spec.tokenRequests ?? [];
    return requests.some((request) => request.audience === audience);
  });
}

function checkLease(node: string, attempt: Attempt): void {
  if (attempt.namespace !== 'kube-node-lease') throw deny(attempt, 'can only access leases in the "kube-node-lease" system namespace');
  if (nameOf(attempt) !== node) throw deny(attempt, 'can only access node lease with the same name as the requesting node');
}

function checkCsiNode(node: string, attempt: Attempt): void {
  if (nameOf(attempt) !== node) throw deny(attempt, 'can only access CSINode with the same name as the requesting node');
}

const nameOf = (attempt: Attempt): string => (attempt.operation === 'CREATE' ? attempt.object?.metadata.name ?? '' : attempt.name);

function checkSlice(node: string, attempt: Attempt): void {
  const owner = (attempt.operation === 'DELETE' ? attempt.old : attempt.object) as ResourceSlice | undefined; // the resource says so
  if (attempt.operation === 'UPDATE' || owner?.spec.nodeName === node) return;
  throw deny(attempt, `can only ${attempt.operation.toLowerCase()} ResourceSlice with the same NodeName as the requesting node`);
}

function checkCertificate(node: string, attempt: Attempt): void {
  if (attempt.operation !== 'CREATE' || attempt.subresource !== '') return;
  const { spec } = attempt.object as CertificateSigningRequest & ApiObject; // the resource says so
  if (spec.signerName !== 'kubernetes.io/kubelet-serving' && spec.signerName !== 'kubernetes.io/kube-apiserver-client-kubelet') return;
  const name = commonNameOf(attempt, spec.request ?? '');
  if (name !== `system:node:${node}`) throw deny(attempt, `can only create a node CSR with CN=system:node:${node}`);
}

function commonNameOf(attempt: Attempt, request: string): string {
  try {
    return parseRequest(Buffer.from(request, 'base64').toString('utf8')).commonName;
  } catch (error) {
    throw deny(attempt, `unable to parse csr: ${error instanceof Error ? error.message : String(error)}`);
  }
}
