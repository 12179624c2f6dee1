/** The states that a set has had, each kept in a ControllerRevision to go back to. Pure. */
import type { ControllerRevision } from '@kaji/api/apps/v1';
import { PodTemplateSpec } from '@kaji/api/core/v1';
import { isDeepEqual, jsonText, valueText } from '@kaji/schema';

/** Label of a set's pods and revisions: which state they are of. */
export const revisionLabel = 'controller-revision-hash';

/** A state as it is kept: a strategic merge patch that puts the whole template back. Kubernetes: byte for byte what Go writes of it, keys sorted, for clients compare the bytes. */
export const stateOf = (template: PodTemplateSpec): unknown => JSON.parse(valueText({ spec: { template: { ...JSON.parse(jsonText(PodTemplateSpec, template)) as object, $patch: 'replace' } } }, true));

export interface History {
  /** The newest revision that holds the state wanted now. */
  readonly current: ControllerRevision | undefined;
  /** Others that hold it. */
  readonly duplicates: readonly ControllerRevision[];
  /** Those of other states, the oldest first. */
  readonly old: readonly ControllerRevision[];
  /** What the current one is to count as. */
  readonly next: number;
}

/** Where `keepsDuplicates`, other revisions of the wanted state count as old ones. */
export function historyOf(template: PodTemplateSpec, revisions: Iterable<ControllerRevision>, keepsDuplicates: boolean): History {
  const wanted = stateOf(template);
  const sorted = [...revisions].sort((a, b) => a.revision - b.revision);
  const matching = sorted.filter(({ data }) => isDeepEqual(data, wanted));
  const current = matching.at(-1);
  const duplicates = keepsDuplicates ? [] : matching.slice(0, -1);
  const old = sorted.filter((revision) => revision !== current && !duplicates.includes(revision));
  return { current, duplicates, old, next: (old.at(-1)?.revision ?? 0) + 1 };
}

/** Old states beyond the limit, the oldest first. Those that some pod is still of stay. */
export const superfluous = ({ old }: History, limit: number, isLive: (revision: ControllerRevision) => boolean): readonly ControllerRevision[] => old.filter((revision) => !isLive(revision)).slice(0, Math.max(0, old.length - limit));

/** What the pods looked like in a state that was kept. */
export const templateOf = ({ data }: ControllerRevision): PodTemplateSpec => {
  const { $patch: _, ...template } = (data as { readonly spec: { readonly template: PodTemplateSpec & { readonly $patch?: string } } }).spec.template; // stateOf wrote it
  return template;
};
