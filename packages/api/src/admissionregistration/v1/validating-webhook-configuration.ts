import { int32, list, message, oneOf, ref, string, strings } from '@kaji/schema';
import { webhookColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { MatchCondition } from './match-condition.ts';
import { RuleWithOperations } from './rule-with-operations.ts';
import { WebhookClientConfig } from './webhook-client-config.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { reservedNameWarnings, validateWebhooks } from './webhook-rules.ts';

export class ValidatingWebhook extends message('k8s.io.api.admissionregistration.v1.ValidatingWebhook', {
  name: string(1).required(),
  clientConfig: ref(2, WebhookClientConfig).required(),
  rules: list(3, RuleWithOperations).atomic(),
  failurePolicy: oneOf(4, 'Ignore', 'Fail').explicit().default('Fail'),
  matchPolicy: oneOf(9, 'Exact', 'Equivalent').explicit().default('Equivalent'),
  namespaceSelector: ref(5, LabelSelector).default({}),
  objectSelector: ref(10, LabelSelector).default({}),
  sideEffects: oneOf(6, 'Unknown', 'None', 'Some', 'NoneOnDryRun').explicit().required(),
  timeoutSeconds: int32(7).explicit().default(10),
  admissionReviewVersions: strings(8).required().atomic(),
  matchConditions: list(11, MatchCondition).mapBy('name').mergeBy('name'),
}) {}

export class ValidatingWebhookConfiguration extends message('k8s.io.api.admissionregistration.v1.ValidatingWebhookConfiguration', {
  metadata: ref(1, ObjectMeta).present(),
  webhooks: list(2, ValidatingWebhook).mapBy('name').mergeBy('name'),
}) {}

export const validatingwebhookconfigurations = resource({
  group: 'admissionregistration.k8s.io', version: 'v1', plural: 'validatingwebhookconfigurations', singular: 'validatingwebhookconfiguration', kind: 'ValidatingWebhookConfiguration', isNamespaced: false, type: ValidatingWebhookConfiguration,
  columns: webhookColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] }, areFinalizersFree: true },
  validate: validateWebhooks,
  warnings: reservedNameWarnings,
  categories: ['api-extensions'],
});
