export { type Interval, isTimeZone, parseSchedule, type Schedule } from './schedule.ts';
export { CronJob, cronjobs, CronJobSpec, CronJobStatus, JobTemplateSpec } from './cron-job.ts';
export { Job, JobCondition, jobs, JobStatus, UncountedTerminatedPods } from './job.ts';
export { JobSpec, PodFailurePolicy, PodFailurePolicyOnExitCodesRequirement, PodFailurePolicyOnPodConditionsPattern, PodFailurePolicyRule, SuccessPolicy, SuccessPolicyRule } from './job-spec.ts';
