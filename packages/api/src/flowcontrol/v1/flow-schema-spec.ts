/** Which requests a flow schema takes, and where it sends them. */
import { bool, int32, list, message, ref, string, strings } from '@kaji/schema';

/** A level of priority. */
export class PriorityLevelConfigurationReference extends message('k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationReference', {
  /** Name of the level. */
  name: string(1).required(),
}) {}

/** How the requests of a schema are told apart into flows. */
export class FlowDistinguisherMethod extends message('k8s.io.api.flowcontrol.v1.FlowDistinguisherMethod', {
  /** ByUser or ByNamespace. */
  type: string(1).required().named('v1.FlowDistinguisherMethodType'),
}) {}

/** A user. */
export class UserSubject extends message('k8s.io.api.flowcontrol.v1.UserSubject', {
  /** Name of the user. A star means all. */
  name: string(1).required(),
}) {}

/** A group of users. */
export class GroupSubject extends message('k8s.io.api.flowcontrol.v1.GroupSubject', {
  /** Name of the group. A star means all. */
  name: string(1).required(),
}) {}

/** A ServiceAccount. */
export class ServiceAccountSubject extends message('k8s.io.api.flowcontrol.v1.ServiceAccountSubject', {
  /** Its namespace. */
  namespace: string(1).required(),
  /** Its name. A star means all. */
  name: string(2).required(),
}) {}

/** Whose requests are meant. Exactly that is set which kind names. */
export class Subject extends message('k8s.io.api.flowcontrol.v1.Subject', {
  /** User, Group or ServiceAccount. */
  kind: string(1).required().named('v1.SubjectKind'),
  /** A user. */
  user: ref(2, UserSubject),
  /** A group of users. */
  group: ref(3, GroupSubject),
  /** A ServiceAccount. */
  serviceAccount: ref(4, ServiceAccountSubject),
}) {}

/** Requests for resources. All of its lists must fit. */
export class ResourcePolicyRule extends message('k8s.io.api.flowcontrol.v1.ResourcePolicyRule', {
  /** Their verbs. A star means all. */
  verbs: strings(1).required().set(),
  /** Their groups. A star means all. */
  apiGroups: strings(2).required().set(),
  /** Their resources, with subresources behind a slash. A star means all. */
  resources: strings(3).required().set(),
  /** Whether requests without a namespace are meant. */
  clusterScope: bool(4),
  /** Their namespaces. A star means all. */
  namespaces: strings(5).always().set(),
}) {}

/** Requests that are not for resources. Both of its lists must fit. */
export class NonResourcePolicyRule extends message('k8s.io.api.flowcontrol.v1.NonResourcePolicyRule', {
  /** Their verbs. A star means all. */
  verbs: strings(1).required().set(),
  /** Their paths. A star at the end means everything below. */
  nonResourceURLs: strings(6).required().set(),
}) {}

/** Whose requests, and which. A subject and a rule must fit. */
export class PolicyRulesWithSubjects extends message('k8s.io.api.flowcontrol.v1.PolicyRulesWithSubjects', {
  /** Whose requests. At least one. */
  subjects: list(1, Subject).required().atomic(),
  /** Requests for resources. */
  resourceRules: list(2, ResourcePolicyRule).atomic(),
  /** Other requests. */
  nonResourceRules: list(3, NonResourcePolicyRule).atomic(),
}) {}

/** Which requests a schema takes, and where they go. */
export class FlowSchemaSpec extends message('k8s.io.api.flowcontrol.v1.FlowSchemaSpec', {
  /** The level that they go to. */
  priorityLevelConfiguration: ref(1, PriorityLevelConfigurationReference).required(),
  /** When several schemas fit, the least number wins. From 1 to 10000; defaults to 1000. */
  matchingPrecedence: int32(2).always().default(1000),
  /** How they are told apart into flows. Absent: all are one. */
  distinguisherMethod: ref(3, FlowDistinguisherMethod),
  /** Which requests. One rule that fits is enough; with none, no request does. */
  rules: list(4, PolicyRulesWithSubjects).atomic(),
}) {}
