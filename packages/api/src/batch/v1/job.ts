import { int32, list, message, ref, string, strings, time } from '@kaji/schema';
import { jobColumns } from '../../columns/batch.ts';
import { validateJob } from './job-rules.ts';
import { jobWarnings } from './job-warnings.ts';
import { validateJobStatus } from './job-status-rules.ts';
import { resource } from '../../resource.ts';
import { defaultPodTemplate } from '../../core/v1/pod-defaults.ts';
import { JobSpec } from './job-spec.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** Something that holds of a Job. */
export class JobCondition extends message('k8s.io.api.batch.v1.JobCondition', {
  /** What is said: Complete, Failed, Suspended, FailureTarget or SuccessCriteriaMet. */
  type: string(1).required().named('v1.JobConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When it was last looked at. */
  lastProbeTime: time(3).always(),
  /** When the status last changed. */
  lastTransitionTime: time(4).always(),
  /** Why, as one word that programs can read. */
  reason: string(5),
  /** Why, for people. */
  message: string(6),
}) {}

/** Pods that have ended and are not counted yet. */
export class UncountedTerminatedPods extends message('k8s.io.api.batch.v1.UncountedTerminatedPods', {
  /** Ids of pods that succeeded. */
  succeeded: strings(1).set().named('types.UID'),
  /** Ids of pods that failed. */
  failed: strings(2).set().named('types.UID'),
}) {}

/** How far a Job has come. */
export class JobStatus extends message('k8s.io.api.batch.v1.JobStatus', {
  /** What holds of it now. */
  conditions: list(1, JobCondition).atomic().mergeBy('type'),
  /** When it was begun, or begun again after it was suspended. */
  startTime: time(2).explicit(),
  /** When it had succeeded. */
  completionTime: time(3).explicit(),
  /** How many pods wait or run. */
  active: int32(4),
  /** How many pods succeeded. */
  succeeded: int32(5),
  /** How many pods failed. */
  failed: int32(6),
  /** How many pods are ending. */
  terminating: int32(11).explicit(),
  /** Indexes that have succeeded, as numbers and ranges with commas between. */
  completedIndexes: string(7),
  /** Indexes that have failed, in the same form. */
  failedIndexes: string(10).explicit(),
  /** Pods that have ended and are not counted yet. */
  uncountedTerminatedPods: ref(8, UncountedTerminatedPods),
  /** How many pods are ready. */
  ready: int32(9).explicit(),
}) {}

/** Runs pods until enough of them have succeeded. */
export class Job extends message('k8s.io.api.batch.v1.Job', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of it. */
  spec: ref(2, JobSpec).present(),
  /** How far it has come. */
  status: ref(3, JobStatus).always(),
}) {}

export const jobs = resource({
  group: 'batch', version: 'v1', plural: 'jobs', singular: 'job', kind: 'Job', isNamespaced: true, type: Job,
  validate: validateJob,
  validateStatus: validateJobStatus,
  warnings: ({ metadata, spec }, old) => jobWarnings(spec, 'spec', { metadata, old }),
  columns: jobColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole', 'change'] } },
  selectableFields: {
    'status.successful': ({ status }) => String(status?.succeeded ?? 0),
  },
  refusedField: (field) => `field label ${JSON.stringify(field)} not supported for Job`,
  defaults({ metadata, spec }) {
    defaultPodTemplate(spec.template);
    if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
    spec.parallelism ??= 1;
    spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647;
    spec.completionMode ??= 'NonIndexed';
    spec.suspend ??= false;
    spec.manualSelector ??= false;
    spec.podReplacementPolicy ??= spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed';
    const labels = spec.template.metadata?.labels;
    if (labels !== undefined) metadata.labels ??= labels;
  },
  categories: ['all'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
