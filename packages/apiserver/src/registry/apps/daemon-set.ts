/** DaemonSets: an annotation of theirs counts the templates they have had. */
import type { ApiObject } from '@kaji/api';
import { type DaemonSet, templateGeneration } from '@kaji/api/apps/v1';
import { PodTemplateSpec } from '@kaji/api/core/v1';
import { isSemanticallyEqual } from '@kaji/schema';
import { dropUnservedFields } from '../core/unserved-fields.ts';
import type { Strategy } from '../strategy.ts';

type DaemonSetObject = DaemonSet & ApiObject;

const generationOf = ({ metadata }: DaemonSetObject): number => Number(metadata.annotations?.[templateGeneration] ?? 0);

function setTemplateGeneration({ metadata }: DaemonSetObject, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [templateGeneration]: String(generation) };
}

export const daemonSetStrategy: Strategy<DaemonSetObject> = {
  hasGeneration: true,
  prepareForCreate(set) {
    dropUnservedFields(set.spec.template.spec);
    const asked = generationOf(set);
    setTemplateGeneration(set, asked > 0 ? asked : 1);
  },
  prepareForUpdate(set, old) {
    dropUnservedFields(set.spec.template.spec);
    const before = generationOf(old);
    setTemplateGeneration(set, isSemanticallyEqual(PodTemplateSpec, set.spec.template, old.spec.template) ? before : before + 1);
  },
  prepareForStatus(set, old) {
    setTemplateGeneration(set, generationOf(old));
  },
};
