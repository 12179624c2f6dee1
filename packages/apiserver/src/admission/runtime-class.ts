/** A pod's runtime class says what it costs beyond its containers, and on which nodes it can run. */
import type { ApiObject } from '@kaji/api';
import type { Pod, Toleration } from '@kaji/api/core/v1';
import { type RuntimeClass, runtimeclasses } from '@kaji/api/node/v1';
import { isSameAmounts } from '@kaji/api/quota';
import type { Reader } from '../registry/reader.ts';
import type { AdmissionStep, Attempt } from './admission.ts';
import { deny } from './deny.ts';

type PodObject = Pod & ApiObject;
const mismatch = 'pod rejected: Pod\'s Overhead doesn\'t match RuntimeClass\'s defined Overhead';

export const runtimeClass = (reader: Reader): AdmissionStep => ({
  name: 'RuntimeClass',
  mutate(attempt) {
    const pod = podOf(attempt);
    if (pod === undefined) return;
    const found = classOf(reader, attempt, pod);
    if (found?.overhead !== undefined) {
      const { podFixed = {} } = found.overhead;
      const { overhead = {} } = pod.spec;
      if (Object.keys(overhead).length > 0 && !isSameAmounts(podFixed, overhead)) throw deny(attempt, mismatch);
      pod.spec.overhead = { ...podFixed };
    }
    if (found?.scheduling !== undefined) schedule(attempt, pod, found.scheduling);
  },
  validate(attempt) {
    const pod = podOf(attempt);
    if (pod === undefined) return;
    const found = classOf(reader, attempt, pod);
    if (found?.overhead === undefined) {
      if (pod.spec.overhead !== undefined) throw deny(attempt, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
    } else if (!isSameAmounts(found.overhead.podFixed ?? {}, pod.spec.overhead ?? {})) throw deny(attempt, mismatch);
  },
});

function podOf({ operation, resource, subresource, object }: Attempt): PodObject | undefined {
  return operation === 'CREATE' && resource.group === '' && resource.plural === 'pods' && subresource === '' ? object as PodObject | undefined : undefined; // the resource says so
}

function classOf(reader: Reader, attempt: Attempt, { spec: { runtimeClassName } }: PodObject): RuntimeClass | undefined {
  if (runtimeClassName === undefined) return undefined;
  const found = reader.get(runtimeclasses, '', runtimeClassName);
  if (found === undefined) throw deny(attempt, `pod rejected: RuntimeClass ${JSON.stringify(runtimeClassName)} not found`);
  return found;
}

function schedule(attempt: Attempt, { spec }: PodObject, { nodeSelector = {}, tolerations = [] }: NonNullable<RuntimeClass['scheduling']>): void {
  for (const [key, value] of Object.entries(nodeSelector)) {
    const own = spec.nodeSelector?.[key];
    if (own !== undefined && own !== value) throw deny(attempt, `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`);
  }
  if (Object.keys(nodeSelector).length > 0) spec.nodeSelector = { ...spec.nodeSelector, ...nodeSelector };
  const merged = mergeTolerations([...(spec.tolerations ?? []), ...tolerations]);
  if (merged.length > 0) spec.tolerations = [...merged];
}

/** Without those that others, before or after them, cover already; of equal ones the first stays. */
function mergeTolerations(all: readonly Toleration[]): readonly Toleration[] {
  const merged: Toleration[] = [];
  for (const [index, one] of all.entries()) {
    if (merged.some((kept) => covers(kept, one)) || all.slice(index + 1).some((later) => !isEqual(later, one) && covers(later, one))) continue;
    merged.push(one);
  }
  return merged;
}

const isEqual = (left: Toleration, right: Toleration): boolean =>
  left.tolerationSeconds === right.tolerationSeconds && (['key', 'operator', 'value', 'effect'] as const).every((name) => (left[name] ?? '') === (right[name] ?? ''));

/** Whether whatever `inner` tolerates, `outer` does, too. */
function covers(outer: Toleration, inner: Toleration): boolean {
  if (isEqual(outer, inner)) return true;
  const [key, operator, effect] = [outer.key ?? '', outer.operator ?? '', outer.effect ?? ''];
  if (key !== (inner.key ?? '') && (key !== '' || operator !== 'Exists')) return false;
  if (effect !== '' && effect !== inner.effect) return false;
  if (effect === 'NoExecute' && outer.tolerationSeconds !== undefined && (inner.tolerationSeconds ?? Infinity) > outer.tolerationSeconds) return false;
  if (operator === 'Equal' || operator === '') return inner.operator === 'Equal' && (inner.value ?? '') === (outer.value ?? '');
  return operator === 'Exists';
}
