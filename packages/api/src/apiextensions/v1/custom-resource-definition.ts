import { int64, list, message, ref, string, strings, time } from '@kaji/schema';
import { cel } from '../../expression-language.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';
import { validateDefinition, validateDefinitionStatus } from './custom-resource-definition-rules.ts';
import { formatWarnings } from './version-rules.ts';
import { CustomResourceDefinitionNames, CustomResourceDefinitionSpec } from './custom-resource-definition-spec.ts';

/** Something that holds of a definition. */
export class CustomResourceDefinitionCondition extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition', {
  /** What is said, such as Established, NamesAccepted or Terminating. */
  type: string(1).required().named('v1.CustomResourceDefinitionConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When the status last changed. */
  lastTransitionTime: time(3).always(),
  /** Why, as one word that programs can read. */
  reason: string(4),
  /** Why, for people. */
  message: string(5),
  /** The generation that the controller has acted on. */
  observedGeneration: int64(6),
}) {}

/** What has become of a definition. */
export class CustomResourceDefinitionStatus extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus', {
  /** What holds of it now. */
  conditions: list(1, CustomResourceDefinitionCondition).always().mapBy('type'),
  /** Names that are served now. They may differ from those that are wanted while others have them. */
  acceptedNames: ref(2, CustomResourceDefinitionNames).always(),
  /** Versions that objects have ever been stored in. One can be dropped from the definition only when it is not here. */
  storedVersions: strings(3).always().atomic(),
  /** The generation that the controller has acted on. */
  observedGeneration: int64(4),
}) {}

/** Makes a resource of the API. */
export class CustomResourceDefinition extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What it makes. */
  spec: ref(2, CustomResourceDefinitionSpec).required(),
  /** What has become of it. */
  status: ref(3, CustomResourceDefinitionStatus).always(),
}) {}

export const customresourcedefinitions = resource({
  group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions', singular: 'customresourcedefinition', kind: 'CustomResourceDefinition', isNamespaced: false, type: CustomResourceDefinition,
  nameErrors: segmentName,
  // What the name must be depends on the spec: the rules of the kind check the metadata of a new one, too.
  metadataChecks: { on: { create: [], update: ['change'] }, areFinalizersFree: true },
  needs: [cel],
  validate: validateDefinition,
  warnings: formatWarnings,
  validateStatus: validateDefinitionStatus,
  defaults({ spec, status }) {
    if ((spec.names.singular ?? '') === '') spec.names.singular = spec.names.kind.toLowerCase();
    if ((spec.names.listKind ?? '') === '' && spec.names.kind !== '') spec.names.listKind = `${spec.names.kind}List`;
    spec.conversion ??= { strategy: 'None' };
    const service = spec.conversion.webhook?.clientConfig?.service;
    if (service !== undefined) service.port ??= 443;
    if (status?.acceptedNames !== undefined && status.acceptedNames.kind !== '') {
      status.acceptedNames.singular ??= status.acceptedNames.kind.toLowerCase();
      status.acceptedNames.listKind ??= `${status.acceptedNames.kind}List`;
    }
  },
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
