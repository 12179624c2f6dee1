/** Which kind is written by which rules. Kinds without a line have none of their own. */
import { type AnyResource, type ApiObject, qualified } from '@kaji/api';
import { type Deployment, DeploymentSpec, type ReplicaSet } from '@kaji/api/apps/v1';
import type { CronJob } from '@kaji/api/batch/v1';
import type { Lease } from '@kaji/api/coordination/v1';
import { type PodTemplate, PodTemplateSpec, type ReplicationController } from '@kaji/api/core/v1';
import type { Runtime } from '@kaji/base';
import { holdsGivenEmpty, isDeepEqual, isSemanticallyEqual } from '@kaji/schema';
import { mutatingBindingStrategy, mutatingPolicyStrategy, validatingBindingStrategy, validatingPolicyStrategy } from './admissionregistration/policies.ts';
import { customResourceDefinitionStrategy } from './apiextensions/custom-resource-definition.ts';
import { autoscalerStrategy } from './autoscaling/horizontal-pod-autoscaler.ts';
import { apiServiceStrategy } from './apiregistration/api-service.ts';
import { daemonSetStrategy } from './apps/daemon-set.ts';
import { statefulSetStrategy } from './apps/stateful-set.ts';
import { jobStrategy } from './batch/job.ts';
import { certificateSigningRequestStrategy } from './certificates/certificate-signing-request.ts';
import { eventStrategy } from './core/event.ts';
import { limitRangeStrategy } from './core/limit-range.ts';
import { namespaceStrategy } from './core/namespace.ts';
import { persistentVolumeClaimStrategy, persistentVolumeStrategy } from './core/persistent-volume.ts';
import { nodeStrategy } from './core/node.ts';
import { podStrategy } from './core/pod.ts';
import { secretStrategy } from './core/secret.ts';
import { serviceAccountStrategy } from './core/service-account.ts';
import { serviceStrategy } from './core/service.ts';
import { templatedStrategy } from './core/templated.ts';
import { endpointSliceStrategy } from './discovery/endpoint-slice.ts';
import type { RegistryParts } from './parts.ts';
import { keepAllMetadata, keepMetadata } from './keep-metadata.ts';
import type { Reader } from './reader.ts';
import { resourceClaimStrategy, resourceClaimTemplateStrategy, resourceSliceStrategy } from './resource/devices.ts';
import { csiDriverStrategy } from './storage/csi-driver.ts';
import type { Strategy } from './strategy.ts';

export interface StrategyDoors extends Pick<RegistryParts, 'serviceClusterIpRanges' | 'serviceNodePortRange'> {
  readonly reader: Reader;
  readonly runtime: Runtime;
  /** Until when what strategies follow is followed. */
  readonly signal: AbortSignal;
}

/** Kubernetes: a Deployment's generation counts its annotations, too; the controller reads them. */
const deploymentStrategy: Strategy<Deployment & ApiObject> = {
  ...templatedStrategy(({ spec }) => spec.template),
  prepareForStatus({ metadata }, old) {
    if (old.metadata.labels === undefined) delete metadata.labels;
    else metadata.labels = old.metadata.labels;
  },
  isNewGeneration: (object, old) => !isSemanticallyEqual(DeploymentSpec, object.spec, old.spec) || !isDeepEqual(object.metadata.annotations ?? {}, old.metadata.annotations ?? {}),
};

/** Kubernetes: fields of a feature that is off are dropped in silence. */
function dropCoordination(lease: Lease & ApiObject): void {
  delete lease.spec.strategy;
  delete lease.spec.preferredHolder;
}

const leaseStrategy: Strategy<Lease & ApiObject> = { createsOnUpdate: true, requiresVersion: true, isBackground: true, prepareForCreate: dropCoordination, prepareForUpdate: dropCoordination };

const withoutMetadata = ({ metadata: _, apiVersion: __, kind: ___, ...rest }: ApiObject): unknown => rest;
/** Kubernetes: some kinds compare plainly, and so call an empty list different from none, which is how it comes back from storage. */
const differsPlainly = (value: unknown, old: unknown): boolean => !isDeepEqual(value, old) || holdsGivenEmpty(value);
const restIsWanted: Strategy = { hasGeneration: true, isNewGeneration: (object, old) => differsPlainly(withoutMetadata(object), withoutMetadata(old)) };
const specIsWanted: Strategy = { hasGeneration: true };
const createdByUpdate: Strategy = { createsOnUpdate: true };
const versioned: Strategy = { requiresVersion: true };

export function strategiesFor({ reader, runtime, serviceClusterIpRanges, serviceNodePortRange, signal }: StrategyDoors): (resource: AnyResource) => Strategy {
  const table: Readonly<Record<string, Strategy>> = {
    'namespaces': namespaceStrategy,
    'pods': podStrategy,
    'services': serviceStrategy({ reader, random: runtime.random.stream('services'), ranges: serviceClusterIpRanges, ports: serviceNodePortRange, signal }),
    'events': eventStrategy,
    'nodes': nodeStrategy,
    'secrets': secretStrategy,
    'serviceaccounts': serviceAccountStrategy,
    'endpoints': createdByUpdate,
    'limitranges': limitRangeStrategy(runtime.random.stream('names')),
    'persistentvolumes': persistentVolumeStrategy,
    'persistentvolumeclaims': persistentVolumeClaimStrategy,
    'podtemplates': { ...templatedStrategy<PodTemplate & ApiObject>(({ template }) => template), isNewGeneration: (object: PodTemplate, old: PodTemplate) => !isSemanticallyEqual(PodTemplateSpec, object.template, old.template) },
    'replicationcontrollers': { ...templatedStrategy<ReplicationController & ApiObject>(({ spec }) => spec.template), orphansByDefault: true },
    'deployments.apps': deploymentStrategy,
    'replicasets.apps': templatedStrategy<ReplicaSet & ApiObject>(({ spec }) => spec.template),
    'statefulsets.apps': statefulSetStrategy,
    'daemonsets.apps': daemonSetStrategy,
    'leases.coordination.k8s.io': leaseStrategy,
    'endpointslices.discovery.k8s.io': endpointSliceStrategy,
    'runtimeclasses.node.k8s.io': { createsOnUpdate: true, requiresVersion: true },
    'roles.rbac.authorization.k8s.io': createdByUpdate,
    'rolebindings.rbac.authorization.k8s.io': createdByUpdate,
    'clusterroles.rbac.authorization.k8s.io': createdByUpdate,
    'clusterrolebindings.rbac.authorization.k8s.io': createdByUpdate,
    'priorityclasses.scheduling.k8s.io': { hasGeneration: true, isNewGeneration: () => false },
    'horizontalpodautoscalers.autoscaling': autoscalerStrategy,
    'jobs.batch': jobStrategy,
    'cronjobs.batch': templatedStrategy<CronJob & ApiObject>(({ spec }) => spec.jobTemplate.spec?.template),
    'ingresses.networking.k8s.io': specIsWanted,
    'ingressclasses.networking.k8s.io': specIsWanted,
    'networkpolicies.networking.k8s.io': restIsWanted,
    'servicecidrs.networking.k8s.io': { prepareForStatus: keepMetadata },
    'poddisruptionbudgets.policy': { ...specIsWanted, requiresVersion: true },
    'certificatesigningrequests.certificates.k8s.io': certificateSigningRequestStrategy,
    'flowschemas.flowcontrol.apiserver.k8s.io': { ...specIsWanted, prepareForStatus: keepAllMetadata },
    'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': { ...specIsWanted, prepareForStatus: keepAllMetadata },
    'mutatingwebhookconfigurations.admissionregistration.k8s.io': { ...restIsWanted, requiresVersion: true },
    'validatingwebhookconfigurations.admissionregistration.k8s.io': { ...restIsWanted, requiresVersion: true },
    'validatingadmissionpolicies.admissionregistration.k8s.io': validatingPolicyStrategy,
    'validatingadmissionpolicybindings.admissionregistration.k8s.io': validatingBindingStrategy,
    'mutatingadmissionpolicies.admissionregistration.k8s.io': mutatingPolicyStrategy,
    'mutatingadmissionpolicybindings.admissionregistration.k8s.io': mutatingBindingStrategy,
    'customresourcedefinitions.apiextensions.k8s.io': customResourceDefinitionStrategy,
    'apiservices.apiregistration.k8s.io': apiServiceStrategy,
    'deviceclasses.resource.k8s.io': specIsWanted,
    'resourceslices.resource.k8s.io': resourceSliceStrategy,
    'resourceclaims.resource.k8s.io': resourceClaimStrategy,
    'resourceclaimtemplates.resource.k8s.io': resourceClaimTemplateStrategy,
    'volumeattachments.storage.k8s.io': { requiresVersion: true, prepareForStatus: keepMetadata },
    'csidrivers.storage.k8s.io': csiDriverStrategy,
    'csinodes.storage.k8s.io': versioned,
    'csistoragecapacities.storage.k8s.io': versioned,
  };
  return (resource) => table[qualified(resource)] ?? {};
}
