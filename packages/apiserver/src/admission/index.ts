// The admission list, in the order it runs. To add a step, write its file and put it here.
import type { Runtime } from '@kaji/base';
import type { Authorizer } from '../authorization/authorizer.ts';
import { preventEscalation } from '../authorization/escalation.ts';
import type { Rbac } from '../authorization/rbac.ts';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep } from './admission.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { nodeRestriction } from './node-restriction.ts';
import { priority } from './priority.ts';
import { serviceAccount } from './service-account.ts';
import { taintNodesByCondition } from './taint-nodes.ts';

export interface AdmissionParts {
  readonly runtime: Runtime;
  readonly reader: Reader;
  readonly authorizer: Authorizer;
  readonly rbac: () => Rbac;
}

export const admissionSteps = ({ runtime, reader, authorizer, rbac }: AdmissionParts): readonly AdmissionStep[] => [
  namespaceLifecycle(reader),
  serviceAccount(runtime.clock, runtime.random.stream('service-account'), reader),
  nodeRestriction({ reader, authorizer }),
  taintNodesByCondition,
  priority(reader),
  defaultTolerationSeconds,
  // Last of those that change: it judges what will be stored.
  preventEscalation(rbac, authorizer),
];
