/** Runs the pods of Jobs until enough of them have succeeded, and counts each end once. */
import { ApiError, type ApiObject, isReason, type Resource } from '@kaji/api';
import { type Job, jobs } from '@kaji/api/batch/v1';
import { type Container, type Pod, pods } from '@kaji/api/core/v1';
import { type Change, type Key, keyOf, uidOf } from '@kaji/client';
import { isDeepEqual, matchesLabels, selectorOf } from '@kaji/schema';
import { type Caches, type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { claimPods, controllerReference, controllersOf, createPod, deletePod } from '../owned-pods.ts';
import { controllerOf } from '../replicas/plan.ts';
import { slowStart } from '../slow-start.ts';
import { type Failures, noFailures } from './backoff.ts';
import { type Creation, isFinished, plan } from './plan.ts';
import { failureCountAnnotation, indexAnnotation, isIndexed, isTracked, trackingFinalizer } from './pods.ts';

/** Kubernetes: who acts on Jobs that name nobody. */
const ownName = 'kubernetes.io/job-controller';
const kind = 'Job';
/** Before the name of a pod without a Job: a key of this controller, and no name of a Job. */
const orphanMark = ':';

export function jobController(): Controller {
  /** Failures in a row of each Job, by its uid: how long to wait before the next pod. */
  const failures = new Map<string, Failures>();
  return {
    name: 'job-controller',
    watches: [watch(jobs, 'self'), watch(pods, jobsOf)],
    async reconcile(key, context) {
      if (key.name.startsWith(orphanMark)) return releaseOrphan({ namespace: key.namespace, name: key.name.slice(orphanMark.length) }, context);
      const job = context.caches.of(jobs).get(key);
      await releaseStrangers(key, job, context);
      if (job === undefined || (job.spec.managedBy !== undefined && job.spec.managedBy !== ownName)) return 'done';
      return new Round(job, failures, context).run();
    },
  };
}

/** The Job that controls a pod or did, those that would take it in, and the pod itself when nobody counts it any more. */
function* jobsOf(change: Change<Pod>, caches: Caches): Iterable<Key> {
  const { object, type } = change;
  yield* controllersOf(change, caches, jobs as Resource<Job & ApiObject>, (job, pod) => selects(job, pod.metadata.labels ?? {}));
  const { namespace = '', name = '' } = object.metadata;
  if (controllerOf(object) === undefined && type !== 'deleted' && isTracked(object)) yield { namespace, name: `${orphanMark}${name}` };
}

const selects = ({ spec }: Job, labels: Readonly<Record<string, string>>): boolean => spec.selector !== undefined && matchesLabels(selectorOf(spec.selector), labels);

/** A pod that no Job controls is counted by none. */
async function releaseOrphan(key: Key, context: ReconcileContext): Promise<Outcome> {
  const pod = context.caches.of(pods).get(key);
  if (pod !== undefined && isTracked(pod) && controllerOf(pod) === undefined) await release(pod, context);
  return 'done';
}

/** Pods of a Job that is gone, perhaps replaced by another of its name. */
async function releaseStrangers({ namespace, name }: Key, job: Job | undefined, context: ReconcileContext): Promise<void> {
  for (const pod of context.caches.of(pods).inNamespace(namespace)) {
    const owner = controllerOf(pod);
    if (owner?.kind === kind && owner.name === name && owner.uid !== job?.metadata.uid && isTracked(pod)) await release(pod, context);
  }
}

async function release(pod: Pod, { client }: ReconcileContext): Promise<void> {
  try {
    const body = { metadata: { uid: pod.metadata.uid, '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } };
    await client.patch(pods, keyOf(pod), { type: 'strategic', body });
  } catch (error) {
    if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error; // gone, or another of that name by now
  }
}

/** One look at one Job. */
class Round {
  readonly #job: Job & ApiObject;
  readonly #failures: Map<string, Failures>;
  readonly #context: ReconcileContext;

  constructor(job: Job & ApiObject, failures: Map<string, Failures>, context: ReconcileContext) {
    this.#job = job;
    this.#failures = failures;
    this.#context = context;
  }

  async run(): Promise<Outcome> {
    const { events, clock } = this.#context;
    const uid = uidOf(this.#job);
    const own = await claimPods({ resource: jobs as Resource<Job & ApiObject>, object: this.#job, selects: (labels) => selects(this.#job, labels), finalizer: trackingFinalizer }, this.#context);
    if (isFinished(this.#job)) {
      this.#failures.delete(uid);
      for (const pod of own) if (isTracked(pod)) await release(pod, this.#context);
      return 'done';
    }
    const wanted = plan(this.#job, own, this.#failures.get(uid) ?? noFailures, clock.now());
    const removed = await Promise.all([...wanted.remove.map(async (pod) => { await release(pod, this.#context); return deletePod(this.#job, pod, this.#context); }), ...wanted.end.map((pod) => deletePod(this.#job, pod, this.#context))]);
    const { made, failure } = await slowStart(wanted.create.length, (position) => this.#create(wanted.create[position] ?? { index: undefined, failures: undefined }));
    const active = (wanted.status.active ?? 0) - (wanted.create.length - made);
    const status = { ...wanted.status, ...(active > 0 ? { active } : { active: undefined }) };
    if (!isDeepEqual(shown(this.#job.status), shown(status))) await this.#context.client.updateStatus(jobs, { ...this.#job, apiVersion: 'batch/v1', kind, status });
    this.#failures.set(uid, wanted.failures);
    for (const { type, reason, message } of wanted.events) events.event(this.#job, type, reason, message);
    for (const pod of wanted.release) await release(pod, this.#context);
    const problem = failure ?? removed.find((each) => each !== undefined);
    if (problem !== undefined) throw problem;
    return wanted.retryAfterMs === undefined ? 'done' : { retryAfterMs: wanted.retryAfterMs };
  }

  async #create(creation: Creation): Promise<ApiError | undefined> {
    const made = await createPod(this.#job, podOf(this.#job, creation, controllerReference(jobs as Resource<Job & ApiObject>, this.#job)), this.#context);
    return made instanceof ApiError ? made : undefined;
  }
}

/** What nothing is said of is as good as empty. */
const shown = (status: object | undefined): object => Object.fromEntries(Object.entries(status ?? {}).filter(([, value]) => value !== undefined));

const indexVariable = { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${indexAnnotation}']` } } };
const withIndex = (container: Container): Container => (container.env?.some(({ name }) => name === indexVariable.name) === true ? container : { ...container, env: [...(container.env ?? []), indexVariable] });

function podOf(job: Job, { index, failures }: Creation, owner: object): Pod {
  const { metadata: { name = '', namespace }, spec: { template } } = job;
  const at = index === undefined || !isIndexed(job) ? undefined : String(index);
  const marks = at === undefined ? {} : { [indexAnnotation]: at };
  const metadata = {
    generateName: at === undefined ? `${name}-` : `${name}-${at}-`, namespace, ownerReferences: [owner],
    labels: { ...template.metadata?.labels, ...marks },
    annotations: { ...template.metadata?.annotations, ...marks, ...(failures === undefined ? {} : { [failureCountAnnotation]: String(failures) }) },
    finalizers: [...(template.metadata?.finalizers ?? []), trackingFinalizer],
  };
  const { spec } = template;
  const indexed = at === undefined ? spec : { ...spec, hostname: `${name}-${at}`, containers: spec.containers.map(withIndex), ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withIndex) }) };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: indexed } as Pod; // the owner's reference is one
}
