/**
 * Judges pods by the level of security that their namespace asks for: refuses what the enforced level forbids, warns of what
 * the other one would. Templates of pods are warned of only: their pods are judged when they come.
 */
import { ApiError, type ApiObject, type FieldError, forbidden } from '@kaji/api';
import type { CronJob } from '@kaji/api/batch/v1';
import { type Container, type Namespace, namespaces, type Pod, pods, type PodTemplateSpec } from '@kaji/api/core/v1';
import type { Runtime } from '@kaji/base';
import { invalid } from '../../registry/invalid.ts';
import type { Reader } from '../../registry/reader.ts';
import type { AdmissionStep, Attempt } from '../admission.ts';
import type { PodSecurityConfig } from './configuration.ts';
import { detailsText, evaluate } from './evaluate.ts';
import { existingPodWarnings, type Look, lookAt, mostMs } from './existing-pods.ts';
import { type PodSecurityCounters, podSecurityCounters } from './metrics.ts';
import { compareLevels, isAlike, isFullyPrivileged, isSame, levelLabel, type LevelVersion, modes, type Policy, policyOf, policyText, versionLabel } from './policy.ts';
import type { Finding, Subject } from './subject.ts';

/** Those of a pod that bring no pod along. */
const ignoredSubresources: ReadonlySet<string> = new Set(['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status']);

type Templated = ApiObject & { readonly spec?: { readonly template?: PodTemplateSpec } };
const ofSpec = (object: ApiObject): PodTemplateSpec | undefined => (object as Templated).spec?.template;

const templateOf: Readonly<Record<string, (object: ApiObject) => PodTemplateSpec | undefined>> = {
  '/replicationcontrollers': ofSpec, 'apps/replicasets': ofSpec, 'apps/deployments': ofSpec, 'apps/statefulsets': ofSpec, 'apps/daemonsets': ofSpec, 'batch/jobs': ofSpec,
  '/podtemplates': (object) => (object as ApiObject & { readonly template?: PodTemplateSpec }).template,
  'batch/cronjobs': (object) => (object as CronJob & ApiObject).spec?.jobTemplate.spec?.template,
};

interface Doors {
  readonly runtime: Runtime;
  readonly reader: Reader;
  readonly config: PodSecurityConfig;
}

export const podSecurity = ({ runtime, reader, config }: Doors): AdmissionStep => {
  const judge = new Judge(runtime, reader, config);
  return {
    name: 'PodSecurity',
    validate(attempt) {
      const { operation, resource: { group, plural }, subresource, object } = attempt;
      if ((operation !== 'CREATE' && operation !== 'UPDATE') || object === undefined) return undefined;
      const kind = `${group}/${plural}`;
      if (kind === '/pods') {
        if (!ignoredSubresources.has(subresource)) judge.pod(attempt, object as Pod & ApiObject); // the resource says so, as below
        return undefined;
      }
      if (subresource !== '') return undefined;
      if (kind === '/namespaces') return judge.namespace(attempt, object as Namespace & ApiObject);
      if (templateOf[kind] !== undefined) judge.template(attempt, templateOf[kind](object));
      return undefined;
    },
  };
};

/** How many pods are read at one go. */
const sliceLength = 50;

class Judge {
  readonly #runtime: Runtime;
  readonly #reader: Reader;
  readonly #config: PodSecurityConfig;
  readonly #counters: PodSecurityCounters;

  constructor(runtime: Runtime, reader: Reader, config: PodSecurityConfig) {
    this.#runtime = runtime;
    this.#reader = reader;
    this.#config = config;
    this.#counters = podSecurityCounters(runtime);
  }

  pod(attempt: Attempt, pod: Pod & ApiObject): void {
    if (this.#isExempt(attempt)) return;
    const found = this.#reader.get(namespaces, '', attempt.namespace);
    if (found === undefined) {
      this.#counters.failed(attempt, true);
      throw new ApiError('InternalError', `Internal error occurred: failed to lookup namespace "${attempt.namespace}"`, { details: { causes: [{ message: `failed to lookup namespace "${attempt.namespace}"` }] } });
    }
    const { policy, problems } = policyOf(found.metadata.labels, this.#config.defaults);
    if (problems.length === 0 && isFullyPrivileged(policy)) {
      this.#counters.evaluated(attempt, 'enforce', policy.enforce, true);
      return;
    }
    if (attempt.operation === 'UPDATE' && !isSignificant(pod, attempt.old as Pod)) return;
    this.#evaluate(attempt, policy, problems, { annotations: pod.metadata.annotations ?? {}, spec: pod.spec }, true);
  }

  template(attempt: Attempt, template: PodTemplateSpec | undefined): void {
    if (this.#isExempt(attempt)) return;
    const found = this.#reader.get(namespaces, '', attempt.namespace);
    if (found === undefined) {
      this.#counters.failed(attempt, true);
      return;
    }
    const { policy, problems } = policyOf(found.metadata.labels, this.#config.defaults);
    if (problems.length === 0 && policy.warn.level === 'privileged' && policy.audit.level === 'privileged') return;
    if (template?.spec === undefined) return;
    this.#evaluate(attempt, policy, problems, { annotations: template.metadata?.annotations ?? {}, spec: template.spec }, false);
  }

  /** Undefined when there is nothing to wait for. */
  namespace(attempt: Attempt, namespace: Namespace & ApiObject): Promise<void> | undefined {
    const { policy, problems } = policyOf(namespace.metadata.labels, this.#config.defaults);
    const name = namespace.metadata.name ?? '';
    if (attempt.operation === 'CREATE') {
      if (problems.length > 0) throw invalid(attempt.resource, attempt.name, problems);
      if (this.#config.exemptNamespaces.has(name)) this.#warnOfExemption(attempt, namespace, policy);
      return undefined;
    }
    const { policy: before, problems: earlier } = policyOf(attempt.old?.metadata.labels, this.#config.defaults);
    if (problems.length > 0 && JSON.stringify(problems) !== JSON.stringify(earlier)) throw invalid(attempt.resource, attempt.name, problems);
    const { enforce } = policy;
    if (isSame(enforce, before.enforce) || enforce.level === 'privileged') return undefined;
    if (enforce.version === before.enforce.version && compareLevels(enforce.level, before.enforce.level) <= 0) return undefined;
    if (this.#config.exemptNamespaces.has(name)) {
      this.#warnOfExemption(attempt, namespace, policy);
      return undefined;
    }
    return this.#warnOfPods(attempt, name, enforce);
  }

  async #warnOfPods(attempt: Attempt, namespace: string, policy: LevelVersion): Promise<void> {
    const { clock } = this.#runtime;
    const endMs = clock.monotonic() + mostMs;
    const looks: Look[] = [];
    let unseen = 0;
    for (let [after, seen] = ['', 0]; ;) {
      const slice = this.#reader.slice(pods, namespace, { after, limit: sliceLength });
      for (const pod of slice) if (!this.#config.exemptRuntimeClasses.has(pod.spec.runtimeClassName ?? '')) looks.push(lookAt(pod, policy));
      seen += slice.length;
      if (slice.length < sliceLength) break;
      if (clock.monotonic() > endMs) {
        unseen = Math.max(0, this.#reader.count(pods, namespace) - seen);
        break;
      }
      after = slice.at(-1)?.metadata.name ?? '';
      await new Promise<void>((resolve) => { setImmediate(resolve); }); // others have their turn
    }
    for (const text of existingPodWarnings(looks, { namespace, policy, total: looks.length + unseen })) attempt.warn(text);
  }

  #isExempt(attempt: Attempt): boolean {
    if (!this.#config.exemptNamespaces.has(attempt.namespace) && !this.#config.exemptUsers.has(attempt.user.name)) return false;
    this.#counters.exempted(attempt);
    return true;
  }

  #evaluate(attempt: Attempt, policy: Policy, problems: readonly FieldError[], subject: Subject, isEnforced: boolean): void {
    if (this.#config.exemptRuntimeClasses.has(subject.spec.runtimeClassName ?? '')) {
      this.#counters.exempted(attempt);
      return;
    }
    if (problems.length > 0) this.#counters.failed(attempt, false);
    const known = new Map<string, readonly Finding[]>();
    const judged = (mode: (typeof modes)[number]): readonly Finding[] => {
      const text = policyText(policy[mode]);
      const findings = known.get(text) ?? evaluate(policy[mode], subject);
      known.set(text, findings);
      if (mode === 'enforce' || findings.length > 0) this.#counters.evaluated(attempt, mode, policy[mode], findings.length === 0);
      return findings;
    };
    const refused = isEnforced ? judged('enforce') : [];
    judged('audit');
    if (refused.length > 0) throw forbidden(attempt.resource, attempt.name, `violates PodSecurity "${policyText(policy.enforce)}": ${detailsText(refused)}`);
    const warned = judged('warn');
    if (warned.length > 0) attempt.warn(`would violate PodSecurity "${policyText(policy.warn)}": ${detailsText(warned)}`);
  }

  #warnOfExemption(attempt: Attempt, { metadata: { name = '', labels = {} } }: Namespace & ApiObject, policy: Policy): void {
    if (isFullyPrivileged(policy) || modes.every((mode) => isAlike(policy[mode], this.#config.defaults[mode]))) return;
    const set = modes.filter((mode) => policy[mode].level !== 'privileged' && (labels[levelLabel(mode)] !== undefined || labels[versionLabel(mode)] !== undefined));
    attempt.warn(`namespace "${name}" is exempt from Pod Security, and the policy (${set.map((mode) => `${mode}=${policyText(policy[mode])}`).join(', ')}) will be ignored`);
  }
}

/** Whether an update changes what is judged: of what a pod lets be changed, images and ephemeral containers. */
function isSignificant({ spec }: Pod, { spec: old }: Pod): boolean {
  const isOther = (containers: readonly Container[] = [], before: readonly Container[] = []): boolean =>
    containers.length !== before.length || containers.some(({ image }, index) => image !== before[index]?.image);
  if (isOther(spec.containers, old.containers) || isOther(spec.initContainers, old.initContainers)) return true;
  return (spec.ephemeralContainers ?? []).some(({ name, image }) => {
    const before = old.ephemeralContainers?.find((one) => one.name === name);
    return before === undefined || before.image !== image;
  });
}
