/** Warnings of kinds that make pods from a template. */
import type { ApiObject } from '@kaji/api';
import type { PodTemplateSpec } from '@kaji/api/core/v1';
import { dns1123LabelErrors, isDeepEqual } from '@kaji/schema';
import { podWarnings } from './pod-warnings.ts';

interface Templated extends ApiObject {
  readonly spec?: { readonly template?: PodTemplateSpec; readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplateSpec } } };
}

/** The template, and its path. */
function templateOf(object: Templated): readonly [PodTemplateSpec | undefined, string] {
  const job = object.spec?.jobTemplate;
  return job === undefined ? [object.spec?.template, 'spec.template.'] : [job.spec?.template, 'spec.jobTemplate.spec.template.'];
}

/** For strategies: `isNamedAfter` where pods take their names from the object's. */
export const templateWarnings = (isNamedAfter: boolean) => (object: ApiObject, old: ApiObject | undefined): readonly string[] => {
  const [template, path] = templateOf(object as Templated); // kinds with a template
  const names = isNamedAfter && old === undefined ? dns1123LabelErrors(object.metadata.name ?? '') : [];
  const named = names.length === 0 ? [] : [`metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${names.join(' ')}]`];
  // Kubernetes: an update that leaves the spec alone is not warned again.
  if (template === undefined || (old !== undefined && isDeepEqual((object as Templated).spec, (old as Templated).spec))) return named;
  return [...named, ...podWarnings(template, path)];
};
