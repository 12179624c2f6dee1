import { bool, bytes, int32, list, message, ref, string, time } from '@kaji/schema';
import { apiServiceColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

export class ServiceReference extends message('k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.ServiceReference', {
  namespace: string(1),
  name: string(2),
  port: int32(3).explicit().default(443),
}) {}

export class APIServiceSpec extends message('k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceSpec', {
  service: ref(1, ServiceReference),
  group: string(2),
  version: string(3),
  insecureSkipTLSVerify: bool(4),
  caBundle: bytes(5).with({ listType: 'atomic' }),
  groupPriorityMinimum: int32(7).required(),
  versionPriority: int32(8).required(),
}) {}

export class APIServiceCondition extends message('k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceCondition', {
  type: string(1).required(),
  status: string(2).required(),
  lastTransitionTime: time(3).always(),
  reason: string(4),
  message: string(5),
}) {}

export class APIServiceStatus extends message('k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIServiceStatus', {
  conditions: list(1, APIServiceCondition).mapBy('type').mergeBy('type'),
}) {}

export class APIService extends message('k8s.io.kube_aggregator.pkg.apis.apiregistration.v1.APIService', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, APIServiceSpec).present(),
  status: ref(3, APIServiceStatus).always(),
}) {}

export const apiservices = resource({
  group: 'apiregistration.k8s.io', version: 'v1', plural: 'apiservices', singular: 'apiservice', kind: 'APIService', isNamespaced: false, type: APIService,
  columns: apiServiceColumns,
  nameErrors: segmentName,
  metadataChecks: { areFinalizersFree: true },
  categories: ['api-extensions'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
