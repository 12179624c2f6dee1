// Turns a pod's priority class into the number that the scheduler goes by.
import type { ApiObject } from '@kaji/api';
import type { Pod } from '@kaji/api/core/v1';
import { type PriorityClass, priorityclasses } from '@kaji/api/scheduling/v1';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep, Attempt } from './admission.ts';
import { deny } from './deny.ts';

export const priority = (reader: Reader): AdmissionStep => ({
  name: 'Priority',
  mutate(attempt) {
    const { operation, resource, subresource, object, old } = attempt;
    if (resource.group !== '' || resource.plural !== 'pods' || subresource !== '' || object === undefined) return;
    const pod = object as Pod & ApiObject; // the resource says so
    if (operation === 'CREATE') setPriority(reader, attempt, pod);
    else if (operation === 'UPDATE' && old !== undefined) keepPriority(pod, old as Pod); // likewise
  },
  validate(attempt) {
    const { operation, resource, subresource, object } = attempt;
    if (resource.group !== 'scheduling.k8s.io' || resource.plural !== 'priorityclasses' || subresource !== '' || object === undefined) return;
    if ((object as PriorityClass).globalDefault !== true) return; // the resource says so
    const current = defaultClass(reader);
    if (current === undefined || (operation === 'UPDATE' && current.metadata.name === attempt.name)) return;
    throw deny(attempt, `PriorityClass ${current.metadata.name ?? ''} is already marked as default. Only one default can exist`);
  },
});

function setPriority(reader: Reader, attempt: Attempt, pod: Pod & ApiObject): void {
  const { spec } = pod;
  if (spec === undefined) return;
  const asked = spec.priorityClassName ?? '';
  const found = asked === '' ? defaultClass(reader) : reader.get(priorityclasses, '', asked);
  if (asked !== '' && found === undefined) throw deny(attempt, `no PriorityClass with name ${asked} was found`);
  const value = found?.value ?? 0;
  const policy = (found === undefined ? 'PreemptLowerPriority' : found.preemptionPolicy) as typeof spec.preemptionPolicy; // both kinds know the same two policies
  if (found?.metadata.name !== undefined) spec.priorityClassName = found.metadata.name;
  if (spec.priority !== undefined && spec.priority !== value) {
    throw deny(attempt, `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`);
  }
  spec.priority = value;
  if (policy === undefined) return;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    throw deny(attempt, `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`);
  }
  spec.preemptionPolicy = policy;
}

/** Clients that PUT the manifest they once wrote do not know what was filled in. */
function keepPriority({ spec }: Pod, { spec: before }: Pod): void {
  if (spec === undefined || before === undefined) return;
  if (spec.priority === undefined && before.priority !== undefined) spec.priority = before.priority;
  if (spec.preemptionPolicy === undefined && before.preemptionPolicy !== undefined) spec.preemptionPolicy = before.preemptionPolicy;
}

/** Two defaults can come of a race: the lower one counts. */
function defaultClass(reader: Reader): (PriorityClass & ApiObject) | undefined {
  let lowest: (PriorityClass & ApiObject) | undefined;
  for (const one of reader.list(priorityclasses)) if (one.globalDefault === true && (lowest === undefined || (one.value ?? 0) < (lowest.value ?? 0))) lowest = one;
  return lowest;
}
