/** Namespaces: held by their own finalizers until the controller has emptied them. */
import { type ApiObject, validateFinalizerDomains } from '@kaji/api';
import type { Namespace } from '@kaji/api/core/v1';
import { qualifiedNameErrors } from '@kaji/schema';
import type { Reply } from '../../pipeline/request.ts';
import { bodyMedia, decodeBody } from '../body.ts';
import { type Call, warn } from '../call.ts';
import { fieldInvalid, invalid } from '../invalid.ts';
import { writeOptions } from '../options.ts';
import { formOf, respondItem } from '../respond.ts';
import type { Strategy } from '../strategy.ts';
import { withDefaults } from '../verbs/create.ts';
import { matchName, updateObject } from '../verbs/update.ts';

type NamespaceObject = Namespace & ApiObject;
const kubernetes = 'kubernetes';

export const namespaceStrategy: Strategy<NamespaceObject> = {
  returnsDeleted: true,
  prepareForCreate(namespace) {
    namespace.status = { phase: 'Active' };
    const finalizers = namespace.spec.finalizers ?? [];
    if (!finalizers.includes(kubernetes)) namespace.spec.finalizers = [...finalizers, kubernetes];
    labelName(namespace);
  },
  prepareForUpdate(namespace, old, { subresource }) {
    if (subresource !== 'finalize') namespace.spec.finalizers = old.spec.finalizers;
    if (old.status !== undefined) namespace.status = old.status;
    labelName(namespace);
  },
  prepareForStatus(namespace, old) {
    namespace.spec = old.spec;
  },
  isHeld: ({ metadata, spec }) => metadata.deletionTimestamp !== undefined && (spec.finalizers ?? []).length > 0,
  beginDelete(namespace) {
    namespace.status = { ...namespace.status, phase: 'Terminating' };
  },
};

/** Kubernetes: every namespace carries its name as a label, for selectors. */
function labelName({ metadata }: NamespaceObject): void {
  if (metadata.name !== undefined) metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
}

/** PUT of `finalize`: changes the finalizers of the spec and nothing else; the last one that goes takes a deleted namespace with it. */
export async function finalizeNamespace(call: Call): Promise<Reply> {
  const { request, served } = call;
  const form = formOf(call);
  const media = bodyMedia(request);
  const body = await request.body();
  const options = writeOptions(request, 'UpdateOptions');
  const wanted = decodeBody<NamespaceObject>(body, media, { resource: served.resource, known: call.parts.knownKinds, yaml: call.parts.yaml }, options.fieldValidation, (text) => { warn(call, text); });
  withDefaults(call, wanted);
  matchName(call, wanted);
  const { finalizers = [] } = wanted.spec;
  const errors = [...finalizers.flatMap((name, index) => qualifiedNameErrors(name).map((why) => fieldInvalid(`spec.finalizers[${index}]`, name, why))), ...validateFinalizerDomains(finalizers, 'spec.finalizers')];
  if (errors.length > 0) throw invalid(served.stored, wanted.metadata.name ?? '', errors);
  const { item } = await updateObject(call, (there) => {
    const namespace = (there?.copy() ?? structuredClone(wanted)) as NamespaceObject; // its cache holds namespaces
    namespace.metadata.resourceVersion = wanted.metadata.resourceVersion;
    if (wanted.spec.finalizers === undefined) delete namespace.spec.finalizers;
    else namespace.spec.finalizers = [...wanted.spec.finalizers];
    return namespace;
  }, options);
  return respondItem(call, form, item, 200);
}
