// Which labels a node may give itself, and what a mirror pod may not point at. Pure.
import type { ApiObject } from '@kaji/api';
import type { Pod } from '@kaji/api/core/v1';
import { podReferences } from '../authorization/pod-references.ts';

const ownLabels: ReadonlySet<string> = new Set([
  'kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'topology.kubernetes.io/region', 'failure-domain.beta.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type', 'kubernetes.io/os', 'kubernetes.io/arch', 'beta.kubernetes.io/os', 'beta.kubernetes.io/arch',
]);

/** Roles that a node may claim when it registers, though not later. */
const roleLabels: ReadonlySet<string> = new Set(['control-plane', 'master', 'worker', 'etcd', 'arbiter'].map((role) => `node-role.kubernetes.io/${role}`));

const isIn = (prefix: string, domain: string): boolean => prefix === domain || prefix.endsWith(`.${domain}`);

/** Labels that differ and that a node may not touch, sorted: they could draw pods to it that it must not have. */
export function forbiddenLabels(labels: Readonly<Record<string, string>>, old: Readonly<Record<string, string>> | undefined): readonly string[] {
  const changed = [...new Set([...Object.keys(labels), ...Object.keys(old ?? {})])].filter((key) => labels[key] !== old?.[key]);
  return changed.filter((key) => {
    const slash = key.indexOf('/');
    const prefix = slash < 0 ? '' : key.slice(0, slash);
    if (isIn(prefix, 'node-restriction.kubernetes.io')) return true;
    if (!isIn(prefix, 'kubernetes.io') && !isIn(prefix, 'k8s.io')) return false;
    if (old === undefined && roleLabels.has(key)) return false;
    return !ownLabels.has(key) && !isIn(prefix, 'kubelet.kubernetes.io') && !isIn(prefix, 'node.kubernetes.io');
  }).sort();
}

/** What of the API a pod refers to, in upstream's words; undefined for a pod that stands alone, as a mirror pod must. */
export function referencedKind(pod: Pod & ApiObject): string | undefined {
  if ((pod.spec?.serviceAccountName ?? '') !== '') return 'serviceaccounts';
  const references = [...podReferences({ ...pod, metadata: { ...pod.metadata, annotations: {} } })];
  for (const kind of ['secrets', 'configmaps']) if (references.some((reference) => reference.startsWith(`${kind}/`))) return kind;
  if ((pod.spec?.resourceClaims ?? []).length > 0) return 'resourceclaims';
  for (const volume of pod.spec?.volumes ?? []) {
    if (volume.csi !== undefined) return 'csidrivers (via CSI volumes)';
    if (volume.glusterfs !== undefined) return 'endpoints (via glusterFS volumes)';
    if (volume.persistentVolumeClaim !== undefined) return 'persistentvolumeclaims';
    if (volume.ephemeral !== undefined) return 'persistentvolumeclaims (via ephemeral volumes)';
    for (const source of volume.projected?.sources ?? []) {
      if (source.serviceAccountToken !== undefined) return 'serviceaccounts (via projected volumes)';
      if (source.clusterTrustBundle !== undefined) return 'clustertrustbundles';
      if (source.podCertificate !== undefined) return 'podcertificates';
    }
  }
  return undefined;
}
