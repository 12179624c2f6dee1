import { int64, message, rawExtension, ref } from '@kaji/schema';
import { controllerRevisionColumns } from '../../columns/workloads.ts';
import { immutable, nonNegative, required } from '../../field-error.ts';
import { type FieldError, resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** A state of a controller's specification, kept to go back to. It cannot be changed. */
export class ControllerRevision extends message('k8s.io.api.apps.v1.ControllerRevision', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The state. */
  data: rawExtension(2).always(),
  /** Which one it is, counted upwards. */
  revision: int64(3).required(),
}) {}

/** Kubernetes: whatever is no object is told to be missing. */
const dataErrors = (data: unknown): FieldError[] =>
  (data === undefined || data === null ? [required('data', 'data is mandatory')] : typeof data === 'object' && !Array.isArray(data) ? [] : [required('data', 'data must be a valid JSON object')]);

export const controllerrevisions = resource({
  group: 'apps', version: 'v1', plural: 'controllerrevisions', singular: 'controllerrevision', kind: 'ControllerRevision', isNamespaced: true, type: ControllerRevision,
  validate: ({ data, revision }, old) => [
    ...nonNegative('revision', revision),
    ...(old === undefined ? dataErrors(data) : immutable('data', data, old.data)),
  ],
  columns: controllerRevisionColumns,
  nameErrors: subdomainName,
});
