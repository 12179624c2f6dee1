import { message, ref } from '@kaji/schema';
import { podColumns, podRowConditions } from '../../columns/pod.ts';
import { ipWarnings } from '../../ip-warnings.ts';
import { resource } from '../../resource.ts';
import { defaultPod } from './pod-defaults.ts';
import { validateNewPod } from './pod-rules.ts';
import { validatePodStatus } from './pod-status-rules.ts';
import { validatePodPart, validatePodUpdate } from './pod-update-rules.ts';
import { PodSpec } from './pod-spec.ts';
import { PodStatus } from './pod-status.ts';
import { newPodWarnings } from './pod-warnings.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** A group of containers that run together on one node, share its network address and may share volumes. */
export class Pod extends message('k8s.io.api.core.v1.Pod', {
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of the pod. Most of it cannot be changed once the pod exists. */
  spec: ref(2, PodSpec).present(),
  /** What the kubelet last saw of the pod. It may lag behind by a moment. */
  status: ref(3, PodStatus).always(),
}) {}

export const pods = resource({
  group: '', version: 'v1', plural: 'pods', singular: 'pod', kind: 'Pod', isNamespaced: true, type: Pod,
  returnsDeleted: true,
  columns: podColumns,
  rowConditions: podRowConditions,
  validate: (pod, old) => (old === undefined ? validateNewPod(pod) : validatePodUpdate(pod, old)),
  warnings: (pod, old) => (old === undefined ? newPodWarnings(pod) : []),
  statusWarnings: ({ status }) => (['podIPs', 'hostIPs'] as const).flatMap((list) => (status?.[list] ?? []).flatMap(({ ip }, index) => ipWarnings(`status.${list}[${index}].ip`, ip))),
  validateStatus: validatePodStatus,
  validatePart: validatePodPart,
  nameErrors: subdomainName,
  selectableFields: {
    'spec.nodeName': ({ spec }) => spec.nodeName ?? '',
    'spec.host': ({ spec }) => spec.nodeName ?? '',
    'spec.restartPolicy': ({ spec }) => spec.restartPolicy ?? '',
    'spec.schedulerName': ({ spec }) => spec.schedulerName ?? '',
    'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? '',
    'spec.hostNetwork': ({ spec }) => String(spec.hostNetwork ?? false),
    'status.phase': ({ status }) => status?.phase ?? '',
    'status.podIP': ({ status }) => status?.podIPs?.[0]?.ip ?? '',
    'status.podIPs': () => '',
    'status.nominatedNodeName': ({ status }) => status?.nominatedNodeName ?? '',
  },
  defaults: defaultPod,
  shortNames: ['po'],
  categories: ['all'],
  subresources: [
    { name: 'attach', verbs: ['create', 'get'], kind: { group: '', version: 'v1', kind: 'PodAttachOptions' } },
    { name: 'binding', verbs: ['create'], kind: { group: '', version: 'v1', kind: 'Binding' } },
    { name: 'ephemeralcontainers', verbs: ['get', 'patch', 'update'] },
    { name: 'eviction', verbs: ['create'], kind: { group: 'policy', version: 'v1', kind: 'Eviction' } },
    { name: 'exec', verbs: ['create', 'get'], kind: { group: '', version: 'v1', kind: 'PodExecOptions' } },
    { name: 'log', verbs: ['get'] },
    { name: 'portforward', verbs: ['create', 'get'], kind: { group: '', version: 'v1', kind: 'PodPortForwardOptions' } },
    { name: 'proxy', verbs: ['create', 'delete', 'get', 'patch', 'update'], kind: { group: '', version: 'v1', kind: 'PodProxyOptions' } },
    { name: 'resize', verbs: ['get', 'patch', 'update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
