import { list, message, ref, string, strings } from '@kaji/schema';
import { GroupVersionKind } from '../../meta/v1/discovery.ts';
import { ListMeta } from '../../meta/v1/list-meta.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** A part of a resource that is read and written under a path of its own. */
export class APISubresourceDiscovery extends message('k8s.io.api.apidiscovery.v2.APISubresourceDiscovery', {
  /** Its name, as in status or scale. */
  subresource: string(1).required(),
  /** The kind that it answers with. Group and version are empty where they are the resource's own. */
  responseKind: ref(2, GroupVersionKind),
  /** The kinds that it takes, where they differ from what it answers with. */
  acceptedTypes: list(3, GroupVersionKind).atomic(),
  /** What can be done with it. */
  verbs: strings(4).required().set(),
}) {}

/** A resource as clients have to know it. */
export class APIResourceDiscovery extends message('k8s.io.api.apidiscovery.v2.APIResourceDiscovery', {
  /** Its name in paths, in the plural. */
  resource: string(1).required(),
  /** The kind that it answers with. Group and version are empty where they are the resource's own. */
  responseKind: ref(2, GroupVersionKind),
  /** Cluster or Namespaced. */
  scope: string(3).required(),
  /** Its name in the singular. */
  singularResource: string(4).required(),
  /** What can be done with it. */
  verbs: strings(5).required().set(),
  /** Names that people may use for short. */
  shortNames: strings(6).set(),
  /** Groups of resources that it is shown with, as in all. */
  categories: strings(7).set(),
  /** Its parts that have paths of their own. */
  subresources: list(8, APISubresourceDiscovery).mapBy('subresource'),
}) {}

/** One version of a group. */
export class APIVersionDiscovery extends message('k8s.io.api.apidiscovery.v2.APIVersionDiscovery', {
  /** Its name, as in v1. */
  version: string(1).required(),
  /** What is served in it. */
  resources: list(2, APIResourceDiscovery).mapBy('resource'),
  /** Current, or Stale when who serves it could not be asked. */
  freshness: string(3),
}) {}

/** One group with all that it serves. The name is in the metadata. */
export class APIGroupDiscovery extends message('k8s.io.api.apidiscovery.v2.APIGroupDiscovery', {
  metadata: ref(1, ObjectMeta).present(),
  /** Its versions, the preferred one first. */
  versions: list(2, APIVersionDiscovery).mapBy('version'),
}) {}

/** Everything that is served, in one answer. */
export class APIGroupDiscoveryList extends message('k8s.io.api.apidiscovery.v2.APIGroupDiscoveryList', {
  /** Always empty. */
  metadata: ref(1, ListMeta).present(),
  /** The groups, in the order in which clients should look for a name. */
  items: list(2, APIGroupDiscovery).required(),
}) {}
