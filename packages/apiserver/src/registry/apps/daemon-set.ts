/** DaemonSets: an annotation of theirs counts the templates they have had. */
import type { ApiObject } from '@kaji/api';
import type { DaemonSet } from '@kaji/api/apps/v1';
import { isDeepEqual } from '@kaji/schema';
import { templateWarnings } from '../core/template-warnings.ts';
import type { Strategy } from '../strategy.ts';

type DaemonSetObject = DaemonSet & ApiObject;

/** Kubernetes: what was a field of the first version lives on as an annotation, which clients cannot set. */
const templateGeneration = 'deprecated.daemonset.template.generation';

function setTemplateGeneration({ metadata }: DaemonSetObject, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [templateGeneration]: String(generation) };
}

export const daemonSetStrategy: Strategy<DaemonSetObject> = {
  hasGeneration: true,
  warnings: templateWarnings(false),
  prepareForCreate(set) {
    const asked = Number(set.metadata.annotations?.[templateGeneration] ?? 0);
    setTemplateGeneration(set, asked > 0 ? asked : 1);
  },
  prepareForUpdate(set, old) {
    const before = Number(old.metadata.annotations?.[templateGeneration] ?? 0);
    setTemplateGeneration(set, isDeepEqual(set.spec.template, old.spec.template) ? before : before + 1);
  },
};
