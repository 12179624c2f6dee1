import { int32, list, message, ref, string, strings, time } from '@kaji/schema';
import { jobColumns } from '../../columns/batch.ts';
import { validateJob } from './job-rules.ts';
import { validateJobStatus } from './job-status-rules.ts';
import { resource } from '../../resource.ts';
import { defaultPodTemplate } from '../../core/v1/pod-defaults.ts';
import { JobSpec } from './job-spec.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class JobCondition extends message('k8s.io.api.batch.v1.JobCondition', {
  type: string(1).required(),
  status: string(2).required(),
  lastProbeTime: time(3).always(),
  lastTransitionTime: time(4).always(),
  reason: string(5),
  message: string(6),
}) {}

export class UncountedTerminatedPods extends message('k8s.io.api.batch.v1.UncountedTerminatedPods', {
  succeeded: strings(1).set(),
  failed: strings(2).set(),
}) {}

export class JobStatus extends message('k8s.io.api.batch.v1.JobStatus', {
  conditions: list(1, JobCondition).atomic().mergeBy('type'),
  startTime: time(2).explicit(),
  completionTime: time(3).explicit(),
  active: int32(4),
  succeeded: int32(5),
  failed: int32(6),
  terminating: int32(11).explicit(),
  completedIndexes: string(7),
  failedIndexes: string(10).explicit(),
  uncountedTerminatedPods: ref(8, UncountedTerminatedPods),
  ready: int32(9).explicit(),
}) {}

export class Job extends message('k8s.io.api.batch.v1.Job', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, JobSpec).present(),
  status: ref(3, JobStatus).always(),
}) {}

export const jobs = resource({
  group: 'batch', version: 'v1', plural: 'jobs', singular: 'job', kind: 'Job', isNamespaced: true, type: Job,
  validate: validateJob,
  validateStatus: validateJobStatus,
  columns: jobColumns,
  nameErrors: subdomainName,
  selectableFields: {
    'status.successful': ({ status }) => String(status?.succeeded ?? 0),
  },
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
