import { int32, list, message, oneOf, ref, string, strings } from '@kaji/schema';
import { webhookColumns } from '../../columns/server.ts';
import { cel } from '../../expression-language.ts';
import { resource } from '../../resource.ts';
import { MatchCondition } from './match-condition.ts';
import { RuleWithOperations } from './rule-with-operations.ts';
import { WebhookClientConfig } from './webhook-client-config.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { reservedNameWarnings, validateWebhooks } from './webhook-rules.ts';

/** One webhook that may change objects on their way in. */
export class MutatingWebhook extends message('k8s.io.api.admissionregistration.v1.MutatingWebhook', {
  /** Name of the webhook, a domain name of at least three parts. */
  name: string(1).required(),
  /** Where it is reached. */
  clientConfig: ref(2, WebhookClientConfig).required(),
  /** Requests that it is asked about. */
  rules: list(3, RuleWithOperations).atomic(),
  /** What becomes of a request when the webhook cannot be asked. Defaults to Fail. */
  failurePolicy: oneOf(4, 'Ignore', 'Fail').explicit().default('Fail').named('v1.FailurePolicyType'),
  /** Whether a rule also fits requests that reach the same resource by another group or version. Defaults to Equivalent. */
  matchPolicy: oneOf(9, 'Exact', 'Equivalent').explicit().default('Equivalent').named('v1.MatchPolicyType'),
  /** Labels of the namespaces whose objects it is asked about. Defaults to all, and to objects outside of namespaces. */
  namespaceSelector: ref(5, LabelSelector).default({}),
  /** Labels of objects, of which the old or the new must have them. Defaults to all. */
  objectSelector: ref(11, LabelSelector).default({}),
  /** Whether asking it does something elsewhere: None or NoneOnDryRun. Dry runs ask it only then. */
  sideEffects: oneOf(6, 'Unknown', 'None', 'Some', 'NoneOnDryRun').explicit().required().named('v1.SideEffectClass'),
  /** Seconds to wait for its answer, from 1 to 30. Defaults to 10. */
  timeoutSeconds: int32(7).explicit().default(10),
  /** Versions of AdmissionReview that it understands, the best first. */
  admissionReviewVersions: strings(8).required().atomic(),
  /** Whether it is asked again when others changed the object after it. Defaults to Never. */
  reinvocationPolicy: oneOf(10, 'Never', 'IfNeeded').explicit().default('Never').named('v1.ReinvocationPolicyType'),
  /** Further conditions on requests, at most 64. */
  matchConditions: list(12, MatchCondition).mapBy('name').mergeBy('name'),
}) {}

/** Webhooks that may change objects on their way in. */
export class MutatingWebhookConfiguration extends message('k8s.io.api.admissionregistration.v1.MutatingWebhookConfiguration', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The webhooks. */
  webhooks: list(2, MutatingWebhook).mapBy('name').mergeBy('name'),
}) {}

export const mutatingwebhookconfigurations = resource({
  group: 'admissionregistration.k8s.io', version: 'v1', plural: 'mutatingwebhookconfigurations', singular: 'mutatingwebhookconfiguration', kind: 'MutatingWebhookConfiguration', isNamespaced: false, type: MutatingWebhookConfiguration,
  columns: webhookColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] }, areFinalizersFree: true },
  needs: [cel],
  validate: validateWebhooks,
  warnings: reservedNameWarnings,
  categories: ['api-extensions'],
});
