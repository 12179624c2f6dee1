import { bool, int32, int64, list, message, oneOf, ref, string, time } from '@kaji/schema';
import { cronJobColumns } from '../../columns/batch.ts';
import { resource } from '../../resource.ts';
import { defaultPodTemplate } from '../../core/v1/pod-defaults.ts';
import { validateCronJob } from './cron-job-rules.ts';
import { JobSpec } from './job-spec.ts';
import { ObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class JobTemplateSpec extends message('k8s.io.api.batch.v1.JobTemplateSpec', {
  metadata: ref(1, ObjectMeta).always(),
  spec: ref(2, JobSpec).always(),
}) {}

export class CronJobSpec extends message('k8s.io.api.batch.v1.CronJobSpec', {
  schedule: string(1).required(),
  timeZone: string(8).explicit(),
  startingDeadlineSeconds: int64(2).explicit(),
  concurrencyPolicy: oneOf(3, 'Allow', 'Forbid', 'Replace').default('Allow'),
  suspend: bool(4).explicit().default(false),
  jobTemplate: ref(5, JobTemplateSpec).required(),
  successfulJobsHistoryLimit: int32(6).explicit().default(3),
  failedJobsHistoryLimit: int32(7).explicit().default(1),
}) {}

export class CronJobStatus extends message('k8s.io.api.batch.v1.CronJobStatus', {
  active: list(1, ObjectReference).atomic(),
  lastScheduleTime: time(4).explicit(),
  lastSuccessfulTime: time(5).explicit(),
}) {}

export class CronJob extends message('k8s.io.api.batch.v1.CronJob', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, CronJobSpec).required(),
  status: ref(3, CronJobStatus).always(),
}) {}

export const cronjobs = resource({
  group: 'batch', version: 'v1', plural: 'cronjobs', singular: 'cronjob', kind: 'CronJob', isNamespaced: true, type: CronJob,
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
