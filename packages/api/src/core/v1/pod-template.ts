import { message, ref } from '@kaji/schema';
import { podTemplateColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { required } from '../../field-error.ts';
import { validatePodTemplate } from './pod-rules.ts';
import { templateWarnings } from './template-warnings.ts';
import { defaultPodTemplate } from './pod-defaults.ts';
import { PodTemplateSpec } from './pod-spec.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** A template of pods, kept by itself. */
export class PodTemplate extends message('k8s.io.api.core.v1.PodTemplate', {
  metadata: ref(1, ObjectMeta).present(),
  /** The template. */
  template: ref(2, PodTemplateSpec).always(),
}) {}

export const podtemplates = resource({
  group: '', version: 'v1', plural: 'podtemplates', singular: 'podtemplate', kind: 'PodTemplate', isNamespaced: true, type: PodTemplate,
  returnsDeleted: true,
  validate: ({ template }, old) => (template === undefined ? [required('template')] : validatePodTemplate(template, 'template', old?.template)),
  warnings: ({ metadata, template }, old) => templateWarnings(template, 'template', { metadata, old }),
  columns: podTemplateColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  defaults: ({ template }) => defaultPodTemplate(template),
});
