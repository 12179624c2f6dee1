import { bool, int32, int64, list, message, oneOf, ref, string, time } from '@kaji/schema';
import { cronJobColumns } from '../../columns/batch.ts';
import { resource } from '../../resource.ts';
import { defaultPodTemplate } from '../../core/v1/pod-defaults.ts';
import { validateCronJob } from './cron-job-rules.ts';
import { jobWarnings } from './job-warnings.ts';
import { JobSpec } from './job-spec.ts';
import { ObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** What the Jobs that are made look like. */
export class JobTemplateSpec extends message('k8s.io.api.batch.v1.JobTemplateSpec', {
  /** Labels and annotations of the Jobs. */
  metadata: ref(1, ObjectMeta).always(),
  /** What is wanted of the Jobs. */
  spec: ref(2, JobSpec).always(),
}) {}

/** What is wanted of a CronJob. */
export class CronJobSpec extends message('k8s.io.api.batch.v1.CronJobSpec', {
  /** When it runs, in the form of cron. */
  schedule: string(1).required(),
  /** Time zone that the schedule is meant in. Absent: that of the controller. */
  timeZone: string(8).explicit(),
  /** How late, in seconds, a run may still begin. Later it counts as missed. Absent: however late. */
  startingDeadlineSeconds: int64(2).explicit(),
  /** What becomes of a run that is due while another goes on: both go on, the new one is left out, or it replaces the other. Defaults to Allow. */
  concurrencyPolicy: oneOf(3, 'Allow', 'Forbid', 'Replace').default('Allow').named('v1.ConcurrencyPolicy'),
  /** Whether no more runs begin. Defaults to false. */
  suspend: bool(4).explicit().default(false),
  /** The Jobs that it makes. */
  jobTemplate: ref(5, JobTemplateSpec).required(),
  /** How many Jobs that succeeded are kept. Defaults to 3. */
  successfulJobsHistoryLimit: int32(6).explicit().default(3),
  /** How many Jobs that failed are kept. Defaults to 1. */
  failedJobsHistoryLimit: int32(7).explicit().default(1),
}) {}

/** What a CronJob does. */
export class CronJobStatus extends message('k8s.io.api.batch.v1.CronJobStatus', {
  /** Jobs that go on now. */
  active: list(1, ObjectReference).atomic(),
  /** When a run was last due and begun. */
  lastScheduleTime: time(4).explicit(),
  /** When a run last succeeded. */
  lastSuccessfulTime: time(5).explicit(),
}) {}

/** Runs a Job again and again, at given times. */
export class CronJob extends message('k8s.io.api.batch.v1.CronJob', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of it. */
  spec: ref(2, CronJobSpec).required(),
  /** What it does. */
  status: ref(3, CronJobStatus).always(),
}) {}

export const cronjobs = resource({
  group: 'batch', version: 'v1', plural: 'cronjobs', singular: 'cronjob', kind: 'CronJob', isNamespaced: true, type: CronJob,
  warnings: ({ metadata, spec }, old) => [
    ...(spec.jobTemplate.spec === undefined ? [] : jobWarnings(spec.jobTemplate.spec, 'spec.jobTemplate.spec', { metadata, old })),
    // Kubernetes: the path names the spec twice.
    ...(old !== undefined && spec.schedule.includes('TZ') ? ['cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details'] : []),
  ],
  columns: cronJobColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'], status: [] } },
  defaults: ({ spec }) => defaultPodTemplate(spec.jobTemplate.spec?.template),
  validate: validateCronJob,
  shortNames: ['cj'],
  categories: ['all'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
