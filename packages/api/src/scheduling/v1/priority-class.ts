import { bool, int32, message, oneOf, ref, string } from '@kaji/schema';
import { priorityClassColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import type { FieldError } from '../../resource.ts';
import { forbidden, invalid, oneOfValues } from '../../field-error.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** A name for a priority of pods. */
export class PriorityClass extends message('k8s.io.api.scheduling.v1.PriorityClass', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The priority; the greater, the more urgent. At most a thousand million for others than the system's. It cannot be changed. */
  value: int32(2).always(),
  /** Whether pods that name no class get this one. One at most is the default. */
  globalDefault: bool(3),
  /** For what it is to be used. */
  description: string(4),
  /** Whether its pods may push out pods of lower priority. It cannot be changed. Defaults to PreemptLowerPriority. */
  preemptionPolicy: oneOf(5, 'Never', 'PreemptLowerPriority').explicit().default('PreemptLowerPriority'),
}) {}

/** The names that the system itself uses. */
const systemPriorities: ReadonlySet<string> = new Set(['system-node-critical', 'system-cluster-critical']);

export const priorityclasses = resource({
  group: 'scheduling.k8s.io', version: 'v1', plural: 'priorityclasses', singular: 'priorityclass', kind: 'PriorityClass', isNamespaced: false, type: PriorityClass,
  validate({ metadata, value = 0, preemptionPolicy }, old) {
    const errors: FieldError[] = [];
    const name = metadata.name ?? '';
    if (name.startsWith('system-')) {
      if (!systemPriorities.has(name)) errors.push(forbidden('metadata.name', `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`));
    } else if (value > 1_000_000_000) errors.push(forbidden('value', 'maximum allowed value of a user defined priority is 1000000000'));
    if (preemptionPolicy !== undefined) errors.push(...oneOfValues('preemptionPolicy', preemptionPolicy, ['PreemptLowerPriority', 'Never']));
    if (old !== undefined && value !== old.value) errors.push(invalid('value', value, 'field is immutable'));
    if (old !== undefined && preemptionPolicy !== old.preemptionPolicy) errors.push(invalid('preemptionPolicy', preemptionPolicy ?? '', 'field is immutable'));
    return errors;
  },
  columns: priorityClassColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  shortNames: ['pc'],
});
