/** Which fields a path of a kind never changes, whatever is sent: nobody comes to own those by it. */
import { type AnyResource, qualified } from '@kaji/api';
import { fieldSetOf } from '@kaji/schema';
import type { Writable } from './field-owners.ts';

const fields = (...paths: readonly string[]): Writable => ({ not: fieldSetOf(paths.map((path) => path.split('.').map((name) => `f:${name}`))) });

const everything = fields();
const allButStatus = fields('status');
const allButSpec = fields('spec');

/** By kind and subresource, where it is not the spec that a write of the status keeps. */
const table: Readonly<Record<string, Writable>> = {
  'pods/status': fields('spec', 'metadata.deletionTimestamp', 'metadata.ownerReferences'),
  // Kubernetes: what these drop is owned nevertheless.
  'pods/ephemeralcontainers': everything,
  'pods/resize': everything,
  'namespaces/finalize': allButStatus,
  'deployments.apps/status': fields('spec', 'metadata.labels'),
  'certificatesigningrequests.certificates.k8s.io': fields('spec', 'status'),
  'certificatesigningrequests.certificates.k8s.io/status': fields('spec', 'status.conditions'),
  'certificatesigningrequests.certificates.k8s.io/approval': fields('spec', 'status.certificate'),
};

const keepingMetadata = fields('spec', 'metadata');

/** Kinds whose metadata a write of the status does not change. */
const keepMetadata: ReadonlySet<string> = new Set([
  'validatingadmissionpolicies.admissionregistration.k8s.io', 'customresourcedefinitions.apiextensions.k8s.io', 'apiservices.apiregistration.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io', 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io', 'servicecidrs.networking.k8s.io',
  'resourceclaims.resource.k8s.io', 'devicetaintrules.resource.k8s.io', 'volumeattachments.storage.k8s.io',
]);

export function writableBy(resource: AnyResource, subresource: string, hasStatus: boolean): Writable {
  const name = qualified(resource);
  const special = table[subresource === '' ? name : `${name}/${subresource}`];
  if (special !== undefined) return special;
  if (subresource === 'status') return keepMetadata.has(name) ? keepingMetadata : allButSpec;
  return hasStatus ? allButStatus : everything;
}
