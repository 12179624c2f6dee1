// The admission list, in upstream's order. To add a step, write its file and put it here.
import type { Runtime } from '@kaji/base';
import type { Authorizer } from '../authorization/authorizer.ts';
import { preventEscalation } from '../authorization/escalation.ts';
import type { Rbac } from '../authorization/rbac.ts';
import type { ApiServerConfig } from '../config.ts';
import type { OwnWrites } from '../registry/own-writes.ts';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep } from './admission.ts';
import { defaultIngressClass } from './default-ingress-class.ts';
import { defaultStorageClass } from './default-storage-class.ts';
import { certificateApproval } from './certificate-approval.ts';
import { certificateSigning } from './certificate-signing.ts';
import { certificateSubjectRestriction } from './certificate-subject-restriction.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { extendedResourceToleration } from './extended-resource-toleration.ts';
import { limitRanger } from './limit-ranger/limit-ranger.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { nodeDeclaredFeatures } from './node-declared-features.ts';
import { nodeRestriction } from './node-restriction.ts';
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize.ts';
import { podResize } from './pod-resize.ts';
import { podSecurity } from './pod-security/pod-security.ts';
import { podTopologyLabels } from './pod-topology-labels.ts';
import { priority } from './priority.ts';
import { resourceQuota } from './resource-quota/resource-quota.ts';
import { runtimeClass } from './runtime-class.ts';
import { serviceAccount } from './service-account.ts';
import { storageObjectInUseProtection } from './storage-object-in-use-protection.ts';
import { taintNodesByCondition } from './taint-nodes.ts';

export interface AdmissionParts {
  readonly runtime: Runtime;
  readonly reader: Reader;
  readonly writes: OwnWrites;
  readonly authorizer: Authorizer;
  readonly rbac: () => Rbac;
  readonly config: Pick<ApiServerConfig, 'disabledAdmission' | 'enabledAdmission' | 'podSecurity' | 'limitedResources'>;
}

const allSteps = ({ runtime, reader, writes, authorizer, rbac, config }: AdmissionParts): readonly AdmissionStep[] => [
  namespaceLifecycle(reader),
  limitRanger(reader),
  serviceAccount(runtime.clock, runtime.random.stream('service-account'), reader),
  nodeRestriction({ reader, authorizer }),
  taintNodesByCondition,
  podSecurity({ runtime, reader, config: config.podSecurity }),
  priority(reader),
  defaultTolerationSeconds,
  extendedResourceToleration,
  defaultStorageClass(reader),
  storageObjectInUseProtection,
  persistentVolumeClaimResize(reader),
  runtimeClass(reader),
  certificateApproval(authorizer),
  certificateSigning(authorizer),
  certificateSubjectRestriction,
  defaultIngressClass(reader),
  podTopologyLabels(reader),
  nodeDeclaredFeatures(reader),
  podResize(reader),
  // What grants rights is judged as it will be stored.
  preventEscalation(rbac, authorizer),
  // Last: what was booked is not given back by a refusal.
  resourceQuota({ clock: runtime.clock, reader, writes, limited: config.limitedResources }),
];

/** Those that the server's configuration leaves on. */
export function admissionSteps(parts: AdmissionParts): readonly AdmissionStep[] {
  const steps = allSteps(parts);
  const { disabledAdmission, enabledAdmission } = parts.config;
  const unknown = [...disabledAdmission, ...enabledAdmission].find((wanted) => !steps.some(({ name }) => name === wanted));
  if (unknown !== undefined) throw new Error(`no admission step is called ${JSON.stringify(unknown)}`);
  return steps.filter(({ name, isOffByDefault }) => !disabledAdmission.includes(name) && (isOffByDefault !== true || enabledAdmission.includes(name)));
}
