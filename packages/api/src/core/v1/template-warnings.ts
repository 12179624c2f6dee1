/** Warnings of kinds that make pods from a template. */
import { dns1123LabelErrors } from '@kaji/schema';
import type { ObjectMeta } from '../../meta/v1/object-meta.ts';
import type { PodTemplateSpec } from './pod-spec.ts';
import { podWarnings } from './pod-warnings.ts';

interface WithMetadata {
  readonly metadata: ObjectMeta;
}

export interface TemplateOwner extends WithMetadata {
  /** The object before an update. */
  readonly old: WithMetadata | undefined;
}

/** Kubernetes: an update that changes nothing of what is wanted is not warned again; the generation tells. */
export const isSameGeneration = ({ metadata, old }: TemplateOwner): boolean => old !== undefined && (metadata.generation ?? 0) === (old.metadata.generation ?? 0);

/** For kinds whose pods take their names from the object's. */
export function podNameWarnings({ metadata: { name = '' }, old }: TemplateOwner): readonly string[] {
  const errors = old === undefined ? dns1123LabelErrors(name) : [];
  return errors.length === 0 ? [] : [`metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${errors.join(' ')}]`];
}

/** `path` is the template's. */
export const templateWarnings = (template: PodTemplateSpec | undefined, path: string, owner: TemplateOwner): readonly string[] => (template === undefined || isSameGeneration(owner) ? [] : podWarnings(template, path));
