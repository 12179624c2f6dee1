/** Begins the Jobs of CronJobs when they are due, and keeps a few of those that ended. */
import { ApiError, type ApiObject, isReason, type Resource } from '@kaji/api';
import { type CronJob, cronjobs, type Job, jobs } from '@kaji/api/batch/v1';
import { keyOf, uidOf } from '@kaji/client';
import { formatTime, isDeepEqual } from '@kaji/schema';
import { type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { controllerReference } from '../owned-pods.ts';
import { jobOf, plan, type Plan } from './plan.ts';

const resource = cronjobs as Resource<CronJob & ApiObject>;

export const cronJobController: Controller = {
  name: 'cronjob-controller',
  watches: [watch(cronjobs, 'self'), watch(jobs, 'owner')],
  async reconcile(key, context) {
    const cronJob = context.caches.of(resource).get(key);
    return cronJob === undefined ? 'done' : look(cronJob, context);
  },
};

async function look(cronJob: CronJob & ApiObject, context: ReconcileContext): Promise<Outcome> {
  const { caches, client, clock, events } = context;
  const own = [...caches.of(jobs).owned(cronJob)].filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const wanted = plan(cronJob, own, clock.now());
  for (const { type, reason, message } of wanted.events) events.event(cronJob, type, reason, message);
  for (const job of [...wanted.replace, ...wanted.remove]) await remove(cronJob, job, context);
  const made = wanted.run === undefined ? undefined : await begin(cronJob, wanted.run, context);
  const gone = new Set(wanted.replace.map(({ metadata }) => metadata.uid));
  const active = [...(wanted.status.active ?? []).filter(({ uid }) => !gone.has(uid)), ...(made === undefined ? [] : [{ apiVersion: 'batch/v1', kind: 'Job', namespace: made.metadata.namespace, name: made.metadata.name, uid: made.metadata.uid, resourceVersion: made.metadata.resourceVersion }])];
  const { active: _, ...rest } = wanted.status;
  const status = { ...rest, ...(active.length === 0 ? {} : { active }), ...(wanted.run === undefined || made === undefined ? {} : { lastScheduleTime: formatTime(wanted.run.at) }) };
  if (!isDeepEqual(cronJob.status ?? {}, status)) await client.updateStatus(resource, { ...cronJob, apiVersion: 'batch/v1', kind: 'CronJob', status });
  return wanted.retryAfterMs === undefined ? 'done' : { retryAfterMs: wanted.retryAfterMs };
}

/** Undefined in a namespace that goes away. */
async function begin(cronJob: CronJob & ApiObject, run: NonNullable<Plan['run']>, { client, events }: ReconcileContext): Promise<Job | undefined> {
  try {
    const made = await client.create(jobs, jobOf(cronJob, run, controllerReference(resource, cronJob)));
    events.event(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${made.metadata.name ?? ''}`);
    return made;
  } catch (error) {
    const failure = ApiError.from(error);
    if (failure.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true) return undefined;
    // The last round made it, and could not say so.
    if (failure.reason === 'AlreadyExists') return client.get(jobs, { namespace: cronJob.metadata.namespace ?? '', name: run.name });
    events.event(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${failure.message}`);
    throw failure;
  }
}

async function remove(cronJob: CronJob & ApiObject, job: Job, { client, events }: ReconcileContext): Promise<void> {
  try {
    await client.delete(jobs, keyOf(job), { uid: uidOf(job), propagationPolicy: 'Background' });
    events.event(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name ?? ''}`);
  } catch (error) {
    if (isReason(error, 'NotFound')) return;
    events.event(cronJob, 'Warning', 'FailedDelete', `Deleted job: ${ApiError.from(error).message}`);
    throw error;
  }
}
