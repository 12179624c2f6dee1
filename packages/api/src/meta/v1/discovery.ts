import { bool, list, message, ref, string, strings, wrappedStrings } from '@kaji/schema';
import { ObjectMeta } from './object-meta.ts';

export class ShardInfo extends message('k8s.io.apimachinery.pkg.apis.meta.v1.ShardInfo', {
  selector: string(1).required(),
}) {}

export class GroupVersionForDiscovery extends message('k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery', {
  groupVersion: string(1).required(),
  version: string(2).required(),
}) {}

export class ServerAddressByClientCIDR extends message('k8s.io.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR', {
  clientCIDR: string(1).required(),
  serverAddress: string(2).required(),
}) {}

export class APIGroup extends message('k8s.io.apimachinery.pkg.apis.meta.v1.APIGroup', {
  name: string(1).required(),
  versions: list(2, GroupVersionForDiscovery).required().atomic(),
  preferredVersion: ref(3, GroupVersionForDiscovery).always(),
  serverAddressByClientCIDRs: list(4, ServerAddressByClientCIDR).atomic(),
}) {}

export class APIGroupList extends message('k8s.io.apimachinery.pkg.apis.meta.v1.APIGroupList', {
  groups: list(1, APIGroup).required().atomic(),
}) {}

export class APIResource extends message('k8s.io.apimachinery.pkg.apis.meta.v1.APIResource', {
  name: string(1).required(),
  singularName: string(6).required(),
  namespaced: bool(2).required(),
  group: string(8),
  version: string(9),
  kind: string(3).required(),
  verbs: wrappedStrings(4).required(),
  shortNames: strings(5).atomic(),
  categories: strings(7).atomic(),
  storageVersionHash: string(10),
}) {}

export class APIResourceList extends message('k8s.io.apimachinery.pkg.apis.meta.v1.APIResourceList', {
  groupVersion: string(1).required(),
  resources: list(2, APIResource).required().atomic(),
}) {}

export class APIVersions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.APIVersions', {
  versions: strings(1).required().atomic(),
  serverAddressByClientCIDRs: list(2, ServerAddressByClientCIDR).required().atomic(),
}) {}

export class PartialObjectMetadata extends message('k8s.io.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata', {
  metadata: ref(1, ObjectMeta).present(),
}) {}

export class GroupKind extends message('k8s.io.apimachinery.pkg.apis.meta.v1.GroupKind', {
  group: string(1).always(),
  kind: string(2).always(),
}) {}

export class GroupVersionKind extends message('k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionKind', {
  group: string(1).always(),
  version: string(2).always(),
  kind: string(3).always(),
}) {}

export class GroupVersionResource extends message('k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionResource', {
  group: string(1).always(),
  version: string(2).always(),
  resource: string(3).always(),
}) {}

export class GroupResource extends message('k8s.io.apimachinery.pkg.apis.meta.v1.GroupResource', {
  group: string(1).required(),
  resource: string(2).required(),
}) {}
