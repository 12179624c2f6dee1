import type { AnyResource } from './resource.ts';
import * as coreV1 from './core/v1/index.ts';
import * as apiregistrationV1 from './apiregistration/v1/index.ts';
import * as appsV1 from './apps/v1/index.ts';
import * as eventsV1 from './events/v1/index.ts';
import * as authenticationV1 from './authentication/v1/index.ts';
import * as authorizationV1 from './authorization/v1/index.ts';
import * as autoscalingV2 from './autoscaling/v2/index.ts';
import * as autoscalingV1 from './autoscaling/v1/index.ts';
import * as batchV1 from './batch/v1/index.ts';
import * as certificatesV1 from './certificates/v1/index.ts';
import * as networkingV1 from './networking/v1/index.ts';
import * as policyV1 from './policy/v1/index.ts';
import * as rbacV1 from './rbac/v1/index.ts';
import * as storageV1 from './storage/v1/index.ts';
import * as admissionregistrationV1 from './admissionregistration/v1/index.ts';
import * as apiextensionsV1 from './apiextensions/v1/index.ts';
import * as schedulingV1 from './scheduling/v1/index.ts';
import * as coordinationV1 from './coordination/v1/index.ts';
import * as nodeV1 from './node/v1/index.ts';
import * as discoveryV1 from './discovery/v1/index.ts';
import * as resourceV1 from './resource/v1/index.ts';
import * as flowcontrolV1 from './flowcontrol/v1/index.ts';

/** Every kind that is served, group by group, in the order discovery shows them. */
export const kinds: readonly AnyResource[] = [
  coreV1.bindings, coreV1.componentstatuses, coreV1.configmaps, coreV1.endpoints, coreV1.events, coreV1.limitranges, coreV1.namespaces, coreV1.nodes, coreV1.persistentvolumeclaims, coreV1.persistentvolumes, coreV1.pods, coreV1.podtemplates, coreV1.replicationcontrollers, coreV1.resourcequotas, coreV1.secrets, coreV1.serviceaccounts, coreV1.services,
  apiregistrationV1.apiservices,
  appsV1.controllerrevisions, appsV1.daemonsets, appsV1.deployments, appsV1.replicasets, appsV1.statefulsets,
  eventsV1.events,
  authenticationV1.selfsubjectreviews, authenticationV1.tokenreviews,
  authorizationV1.localsubjectaccessreviews, authorizationV1.selfsubjectaccessreviews, authorizationV1.selfsubjectrulesreviews, authorizationV1.subjectaccessreviews,
  autoscalingV2.horizontalpodautoscalers,
  autoscalingV1.horizontalpodautoscalers,
  batchV1.cronjobs, batchV1.jobs,
  certificatesV1.certificatesigningrequests,
  networkingV1.ingressclasses, networkingV1.ingresses, networkingV1.ipaddresses, networkingV1.networkpolicies, networkingV1.servicecidrs,
  policyV1.poddisruptionbudgets,
  rbacV1.clusterrolebindings, rbacV1.clusterroles, rbacV1.rolebindings, rbacV1.roles,
  storageV1.csidrivers, storageV1.csinodes, storageV1.csistoragecapacities, storageV1.storageclasses, storageV1.volumeattachments, storageV1.volumeattributesclasses,
  admissionregistrationV1.mutatingadmissionpolicies, admissionregistrationV1.mutatingadmissionpolicybindings, admissionregistrationV1.mutatingwebhookconfigurations, admissionregistrationV1.validatingadmissionpolicies, admissionregistrationV1.validatingadmissionpolicybindings, admissionregistrationV1.validatingwebhookconfigurations,
  apiextensionsV1.customresourcedefinitions,
  schedulingV1.priorityclasses,
  coordinationV1.leases,
  nodeV1.runtimeclasses,
  discoveryV1.endpointslices,
  resourceV1.deviceclasses, resourceV1.resourceclaims, resourceV1.resourceclaimtemplates, resourceV1.resourceslices,
  flowcontrolV1.flowschemas, flowcontrolV1.prioritylevelconfigurations,
];
