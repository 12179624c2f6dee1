import { bool, list, message, ref, string, strings, wrappedStrings } from '@kaji/schema';
import { ObjectMeta } from './object-meta.ts';

/** Which part of a list this is. */
export class ShardInfo extends message('k8s.io.apimachinery.pkg.apis.meta.v1.ShardInfo', {
  /** The selector of the part. */
  selector: string(1).required(),
}) {}

/** A version of a group. */
export class GroupVersionForDiscovery extends message('k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionForDiscovery', {
  /** Group and version, as apiVersion has them. */
  groupVersion: string(1).required(),
  /** The version alone. */
  version: string(2).required(),
}) {}

/** Where clients of a network reach the server. */
export class ServerAddressByClientCIDR extends message('k8s.io.apimachinery.pkg.apis.meta.v1.ServerAddressByClientCIDR', {
  /** The network of the clients. */
  clientCIDR: string(1).required(),
  /** Address of the server for them. */
  serverAddress: string(2).required(),
}) {}

/** A group of the API. */
export class APIGroup extends message('k8s.io.apimachinery.pkg.apis.meta.v1.APIGroup', {
  /** Name of the group. */
  name: string(1).required(),
  /** Versions that are served. */
  versions: list(2, GroupVersionForDiscovery).required().atomic(),
  /** The version to take where nothing says otherwise. */
  preferredVersion: ref(3, GroupVersionForDiscovery).always(),
  /** Where clients reach the server. */
  serverAddressByClientCIDRs: list(4, ServerAddressByClientCIDR).atomic(),
}) {}

/** All groups of the API. */
export class APIGroupList extends message('k8s.io.apimachinery.pkg.apis.meta.v1.APIGroupList', {
  /** The groups. */
  groups: list(1, APIGroup).required().atomic(),
}) {}

/** A resource of the API. */
export class APIResource extends message('k8s.io.apimachinery.pkg.apis.meta.v1.APIResource', {
  /** Name in paths, in the plural. Subresources stand behind a slash. */
  name: string(1).required(),
  /** Name of one of them. */
  singularName: string(6).required(),
  /** Whether objects lie in namespaces. */
  namespaced: bool(2).required(),
  /** Group of its kind, where that differs from the list's. */
  group: string(8),
  /** Version of its kind, where that differs from the list's. */
  version: string(9),
  /** Kind of its objects. */
  kind: string(3).required(),
  /** What can be done with it. */
  verbs: wrappedStrings(4).required(),
  /** Shorter names for it. */
  shortNames: strings(5).atomic(),
  /** Names that stand for it together with others, such as all. */
  categories: strings(7).atomic(),
  /** A hash that changes when objects are stored in another version. */
  storageVersionHash: string(10),
}) {}

/** The resources of one version of a group. */
export class APIResourceList extends message('k8s.io.apimachinery.pkg.apis.meta.v1.APIResourceList', {
  /** Group and version. */
  groupVersion: string(1).required(),
  /** The resources. */
  resources: list(2, APIResource).required().atomic(),
}) {}

/** The versions of the core group. */
export class APIVersions extends message('k8s.io.apimachinery.pkg.apis.meta.v1.APIVersions', {
  /** The versions. */
  versions: strings(1).required().atomic(),
  /** Where clients reach the server. */
  serverAddressByClientCIDRs: list(2, ServerAddressByClientCIDR).required().atomic(),
}) {}

/** An object of any kind, of which only the metadata is shown. */
export class PartialObjectMetadata extends message('k8s.io.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
}) {}

/** A kind, whatever its version. */
export class GroupKind extends message('k8s.io.apimachinery.pkg.apis.meta.v1.GroupKind', {
  /** Name of the group. */
  group: string(1).always(),
  /** Name of the kind. */
  kind: string(2).always(),
}) {}

/** A kind in one version. */
export class GroupVersionKind extends message('k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionKind', {
  /** Name of the group. */
  group: string(1).always(),
  /** Name of the version. */
  version: string(2).always(),
  /** Name of the kind. */
  kind: string(3).always(),
}) {}

/** A resource in one version. */
export class GroupVersionResource extends message('k8s.io.apimachinery.pkg.apis.meta.v1.GroupVersionResource', {
  /** Name of the group. */
  group: string(1).always(),
  /** Name of the version. */
  version: string(2).always(),
  /** Name of the resource. */
  resource: string(3).always(),
}) {}

/** A resource, whatever its version. */
export class GroupResource extends message('k8s.io.apimachinery.pkg.apis.meta.v1.GroupResource', {
  /** Name of the group. */
  group: string(1).required(),
  /** Name of the resource. */
  resource: string(2).required(),
}) {}
