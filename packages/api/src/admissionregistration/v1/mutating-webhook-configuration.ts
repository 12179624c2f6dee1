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

export class MutatingWebhook extends message('k8s.io.api.admissionregistration.v1.MutatingWebhook', {
  name: string(1).required(),
  clientConfig: ref(2, WebhookClientConfig).required(),
  rules: list(3, RuleWithOperations).atomic(),
  failurePolicy: oneOf(4, 'Ignore', 'Fail').explicit().default('Fail'),
  matchPolicy: oneOf(9, 'Exact', 'Equivalent').explicit().default('Equivalent'),
  namespaceSelector: ref(5, LabelSelector).default({}),
  objectSelector: ref(11, LabelSelector).default({}),
  sideEffects: oneOf(6, 'Unknown', 'None', 'Some', 'NoneOnDryRun').explicit().required(),
  timeoutSeconds: int32(7).explicit().default(10),
  admissionReviewVersions: strings(8).required().atomic(),
  reinvocationPolicy: oneOf(10, 'Never', 'IfNeeded').explicit().default('Never'),
  matchConditions: list(12, MatchCondition).mapBy('name').mergeBy('name'),
}) {}

export class MutatingWebhookConfiguration extends message('k8s.io.api.admissionregistration.v1.MutatingWebhookConfiguration', {
  metadata: ref(1, ObjectMeta).present(),
  webhooks: list(2, MutatingWebhook).mapBy('name').mergeBy('name'),
}) {}

export const mutatingwebhookconfigurations = resource({
  group: 'admissionregistration.k8s.io', version: 'v1', plural: 'mutatingwebhookconfigurations', singular: 'mutatingwebhookconfiguration', kind: 'MutatingWebhookConfiguration', isNamespaced: false, type: MutatingWebhookConfiguration,
  columns: webhookColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] }, areFinalizersFree: true },
  validate: validateWebhooks,
  warnings: reservedNameWarnings,
  categories: ['api-extensions'],
});
