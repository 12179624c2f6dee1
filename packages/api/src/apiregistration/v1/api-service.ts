import { bool, bytes, int32, list, message, ref, string, time } from '@kaji/schema';
import { apiServiceColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';
import { validateApiService, validateApiServiceStatus } from './api-service-rules.ts';

/** A Service, and a path on it. */
export class ServiceReference extends message('k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.ServiceReference', {
  /** Namespace of the Service. */
  namespace: string(1),
  /** Name of the Service. */
  name: string(2),
  /** Port of the Service. Defaults to 443. */
  port: int32(3).explicit().default(443),
}) {}

/** Where a version of a group is served. */
export class APIServiceSpec extends message('k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceSpec', {
  /** The Service that serves it. Absent: this server. */
  service: ref(1, ServiceReference),
  /** Name of the group. */
  group: string(2),
  /** Name of the version. The object's name is the version, a dot and the group. */
  version: string(3),
  /** Whether the Service is trusted without checking its certificate. Not advised. */
  insecureSkipTLSVerify: bool(4),
  /** Certificates, in PEM, that the Service's own must come from. Absent: those of the system. */
  caBundle: bytes(5).with({ listType: 'atomic' }),
  /** How far up discovery lists the group, from 1 to 20000; the greater, the earlier. */
  groupPriorityMinimum: int32(7).required(),
  /** How far up the version stands within the group, from 1 to 1000; the greater, the earlier. */
  versionPriority: int32(8).required(),
}) {}

/** Something that holds of an APIService. */
export class APIServiceCondition extends message('k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceCondition', {
  /** What is said; Available is the only one. */
  type: string(1).required().named('v1.APIServiceConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When the status last changed. */
  lastTransitionTime: time(3).always(),
  /** Why, as one word that programs can read. */
  reason: string(4),
  /** Why, for people. */
  message: string(5),
}) {}

/** Whether a version of a group can be reached. */
export class APIServiceStatus extends message('k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceStatus', {
  /** What holds of it now. */
  conditions: list(1, APIServiceCondition).mapBy('type').mergeBy('type'),
}) {}

/** Where a version of a group is served. */
export class APIService extends message('k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIService', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Where it is served. */
  spec: ref(2, APIServiceSpec).present(),
  /** Whether it can be reached. */
  status: ref(3, APIServiceStatus).always(),
}) {}

export const apiservices = resource({
  group: 'apiregistration.k8s.io', version: 'v1', plural: 'apiservices', singular: 'apiservice', kind: 'APIService', isNamespaced: false, type: APIService,
  columns: apiServiceColumns,
  nameErrors: segmentName,
  // What the name must be depends on the spec: the rules of the kind check the metadata, too.
  metadataChecks: { on: { create: [], update: ['change'] }, areFinalizersFree: true },
  validate: validateApiService,
  validateStatus: validateApiServiceStatus,
  categories: ['api-extensions'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
