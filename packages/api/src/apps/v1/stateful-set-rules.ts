/** Rules of StatefulSets. */
import { dns1123LabelErrors, isDeepEqual, isSemanticallyEqual } from '@kaji/schema';
import { validateClaimSpec } from '../../core/v1/persistent-volume-claim-rules.ts';
import { PersistentVolumeClaim } from '../../core/v1/persistent-volume-claim.ts';
import { validatePodAnnotations } from '../../core/v1/pod-annotation-rules.ts';
import { ratchetsOf } from '../../core/v1/pod-ratchets.ts';
import { validatePodTemplate } from '../../core/v1/pod-rules.ts';
import type { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { forbidden, invalid, invalidAll, nonNegative, notSupported, required } from '../../field-error.ts';
import { shownSelector } from '../../meta/v1/label-selector-rules.ts';
import { validateAnnotations, validateLabels } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { StatefulSet, StatefulSetSpec } from './stateful-set.ts';
import { collisionErrors, compiledSelector, lastingErrors, matchErrors, negativeCounts, partErrors, selectorErrors } from './workload-rules.ts';

function strategyErrors({ updateStrategy }: StatefulSetSpec): FieldError[] {
  const path = 'spec.updateStrategy';
  const rolling = updateStrategy?.rollingUpdate;
  // Kubernetes: the values are shown by the names of Go's fields.
  const shown = rolling === undefined ? null : { Partition: rolling.partition ?? 0, MaxUnavailable: rolling.maxUnavailable ?? null };
  switch (updateStrategy?.type as string | undefined) { // clients may send any text
    case undefined: case '': return [required(path)];
    case 'OnDelete': return rolling === undefined ? [] : [invalid(`${path}.rollingUpdate`, shown, "only allowed for updateStrategy 'RollingUpdate'")];
    case 'RollingUpdate': return nonNegative(`${path}.rollingUpdate.partition`, rolling?.partition);
    default: return [invalid(path, { Type: updateStrategy?.type ?? '', RollingUpdate: shown }, "must be 'RollingUpdate' or 'OnDelete'")];
  }
}

function managementErrors(policy: string | undefined): FieldError[] {
  const path = 'spec.podManagementPolicy';
  if (policy === undefined || policy === '') return [required(path)];
  return policy === 'OrderedReady' || policy === 'Parallel' ? [] : [invalid(path, policy, "must be 'OrderedReady' or 'Parallel'")];
}

const retentionErrors = ({ persistentVolumeClaimRetentionPolicy: retention }: StatefulSetSpec): FieldError[] => (retention === undefined ? [] : (['whenDeleted', 'whenScaled'] as const).flatMap((name) => {
  const value = retention[name] ?? '';
  return value === 'Retain' || value === 'Delete' ? [] : [notSupported(`spec.persistentVolumeClaimRetentionPolicy.${name}`, value, ['Retain', 'Delete'])];
}));

/** The template with a volume for each claim, and without the names that the controller gives, as its pods will be. */
function expectedTemplate({ template, volumeClaimTemplates = [] }: StatefulSetSpec): PodTemplateSpec {
  const claimed = new Map(volumeClaimTemplates.map(({ metadata: { name = '' } }) => [name, { name, persistentVolumeClaim: { claimName: name } }]));
  const { hostname: _, subdomain: __, volumes = [], ...spec } = template.spec;
  return { ...template, spec: { ...spec, volumes: [...claimed.values(), ...volumes.filter(({ name }) => !claimed.has(name))] } };
}

/** Kubernetes: labels and annotations are checked with the template and again by themselves; clients see the causes twice. */
function templateErrors(spec: StatefulSetSpec, old: StatefulSetSpec | undefined, isChecked: boolean): FieldError[] {
  const selected = compiledSelector(spec.selector);
  if (selected === undefined) return [invalid('spec.selector', shownSelector(spec.selector), '')];
  const path = 'spec.template';
  const template = expectedTemplate(spec);
  const annotations = template.metadata?.annotations;
  return [
    ...matchErrors(template, selected), ...(isChecked ? validatePodTemplate(template, path, old?.template) : []),
    ...validateLabels(template.metadata?.labels, `${path}.labels`), ...validateAnnotations(annotations, `${path}.annotations`),
    ...validatePodAnnotations(annotations, template.spec, `${path}.annotations`, ratchetsOf(old?.template.spec, old?.template.metadata?.annotations)),
  ];
}

interface Leniency {
  /** The spec that there was, on updates. */
  readonly old?: StatefulSetSpec | undefined;
  readonly isTemplateChecked: boolean;
}

function specErrors(spec: StatefulSetSpec, { old, isTemplateChecked }: Leniency): FieldError[] {
  const { serviceName = '' } = spec;
  return [
    ...managementErrors(spec.podManagementPolicy), ...strategyErrors(spec), ...retentionErrors(spec),
    // What cannot be changed is not checked again.
    ...(old === undefined ? (spec.volumeClaimTemplates ?? []).flatMap((claim, index) => validateClaimSpec(claim.spec, `spec.volumeClaimTemplates[${index}].spec`)) : []),
    ...nonNegative('spec.replicas', spec.replicas), ...nonNegative('spec.minReadySeconds', spec.minReadySeconds), ...nonNegative('spec.ordinals.start', spec.ordinals?.start),
    ...(old === undefined && serviceName !== '' ? invalidAll('spec.serviceName', serviceName, dns1123LabelErrors(serviceName)) : []),
    ...selectorErrors(spec.selector, 'statefulset'), ...templateErrors(spec, old, isTemplateChecked), ...lastingErrors(spec.template, 'StatefulSet'),
  ];
}

const updatable = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

/** What no update changes. Kubernetes: amounts of the claims may be written differently. */
function isFixed(spec: StatefulSetSpec, old: StatefulSetSpec): boolean {
  const fixed = ({ replicas: _1, ordinals: _2, template: _3, updateStrategy: _4, revisionHistoryLimit: _5, persistentVolumeClaimRetentionPolicy: _6, minReadySeconds: _7, volumeClaimTemplates: _8, ...rest }: StatefulSetSpec): unknown => rest;
  const [claims, before] = [spec.volumeClaimTemplates ?? [], old.volumeClaimTemplates ?? []];
  return isDeepEqual(fixed(spec), fixed(old)) && claims.length === before.length && claims.every((claim, index) => isSemanticallyEqual(PersistentVolumeClaim, claim, before[index]));
}

export function validateStatefulSet({ spec }: StatefulSet, old: StatefulSet | undefined): FieldError[] {
  if (old === undefined) return specErrors(spec, { isTemplateChecked: true });
  const before = old.spec;
  // Kubernetes: where the set was malformed already, its template is not held against the update.
  const isTemplateChecked = specErrors(before, { old: before, isTemplateChecked: true }).length === 0;
  return [...specErrors(spec, { old: before, isTemplateChecked }), ...(isFixed(spec, before) ? [] : [forbidden('spec', updatable)])];
}

export function validateStatefulSetStatus({ status = { replicas: 0 } }: StatefulSet, old: StatefulSet): FieldError[] {
  return [
    ...negativeCounts(status, ['replicas', 'readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas', 'observedGeneration', 'collisionCount']),
    ...partErrors(status, ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'], 'status.readyReplicas'), ...collisionErrors(status, old.status),
  ];
}
