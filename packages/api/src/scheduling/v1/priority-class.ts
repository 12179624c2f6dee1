import { bool, int32, message, oneOf, ref, string } from '@kaji/schema';
import { priorityClassColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import type { FieldError } from '../../resource.ts';
import { forbidden, immutable, oneOfValues } from '../../field-error.ts';
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
  preemptionPolicy: oneOf(5, 'Never', 'PreemptLowerPriority').explicit().default('PreemptLowerPriority').named('v1.PreemptionPolicy'),
}) {}

/** The classes that the system itself uses. */
const systemPriorities: ReadonlyMap<string, number> = new Map([['system-node-critical', 2_000_001_000], ['system-cluster-critical', 2_000_000_000]]);
const highestOfUsers = 1_000_000_000;

function systemProblem(name: string, value: number, isDefault: boolean): string | undefined {
  const wanted = systemPriorities.get(name);
  if (wanted === undefined) return `${name} is not a known system priority class`;
  if (value !== wanted) return `value of ${name} PriorityClass must be ${wanted}`;
  return isDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

function newErrors({ metadata, value = 0, globalDefault = false, preemptionPolicy }: PriorityClass): FieldError[] {
  const name = metadata.name ?? '';
  const isSystem = name.startsWith('system-');
  const problem = isSystem ? systemProblem(name, value, globalDefault) : undefined;
  return [
    ...(problem === undefined ? [] : [forbidden('metadata.name', `priority class names with 'system-' prefix are reserved for system use only. error: ${problem}`)]),
    ...(!isSystem && value > highestOfUsers ? [forbidden('value', `maximum allowed value of a user defined priority is ${highestOfUsers}`)] : []),
    ...(preemptionPolicy === undefined ? [] : oneOfValues('preemptionPolicy', preemptionPolicy, ['PreemptLowerPriority', 'Never'])),
  ];
}

const changeErrors = ({ value = 0, preemptionPolicy }: PriorityClass, old: PriorityClass): FieldError[] => [
  ...(value === (old.value ?? 0) ? [] : [forbidden('value', 'may not be changed in an update.')]), ...immutable('preemptionPolicy', preemptionPolicy, old.preemptionPolicy),
];

export const priorityclasses = resource({
  group: 'scheduling.k8s.io', version: 'v1', plural: 'priorityclasses', singular: 'priorityclass', kind: 'PriorityClass', isNamespaced: false, type: PriorityClass,
  validate: (object, old) => (old === undefined ? newErrors(object) : changeErrors(object, old)),
  columns: priorityClassColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  shortNames: ['pc'],
});
