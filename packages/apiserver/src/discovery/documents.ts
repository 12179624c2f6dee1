// What is served, as clients learn it: the documents of discovery, made once from the declarations of the kinds. Pure.
import { type AnyResource, apiVersionOf, type GroupVersionKind, type Verb } from '@kaji/api';
import type { APIGroupDiscoveryList, APIResourceDiscovery } from '@kaji/api/apidiscovery/v2';
import type { APIGroup, APIResource, APIResourceList } from '@kaji/api/meta/v1';
import { createHash } from 'node:crypto';

/** The kind a resource is stored as, where that is another than the one served; undefined for what is not stored. */
export type StoredKind = (resource: AnyResource) => GroupVersionKind | undefined;

/** Groups in the order of the kinds, the core group left out; versions in the same order, the preferred one first. */
export function groups(kinds: readonly AnyResource[]): readonly APIGroup[] {
  const versions = new Map<string, string[]>();
  for (const { group, version } of kinds) {
    if (group === '') continue;
    const known = versions.get(group) ?? [];
    if (!known.includes(version)) known.push(version);
    versions.set(group, known);
  }
  return [...versions].map(([name, all]) => {
    const shown = all.map((version) => ({ groupVersion: `${name}/${version}`, version }));
    const [preferredVersion] = shown;
    return { name, versions: shown, ...(preferredVersion === undefined ? {} : { preferredVersion }) };
  });
}

export function resourceList(kinds: readonly AnyResource[], group: string, version: string, storedKind: StoredKind): APIResourceList | undefined {
  const own = sorted(kinds.filter((kind) => kind.group === group && kind.version === version));
  if (own.length === 0) return undefined;
  return { groupVersion: apiVersionOf({ group, version }), resources: own.flatMap((kind) => [resourceOf(kind, storedKind(kind)), ...subresourcesOf(kind)]) };
}

const sorted = (kinds: readonly AnyResource[]): readonly AnyResource[] => [...kinds].sort((a, b) => (a.plural < b.plural ? -1 : 1));

const sortedVerbs = (verbs: readonly Verb[]): Verb[] => [...verbs].sort();

function resourceOf(kind: AnyResource, stored: GroupVersionKind | undefined): APIResource {
  return {
    name: kind.plural, singularName: kind.singular, namespaced: kind.isNamespaced, kind: kind.kind, verbs: sortedVerbs(kind.verbs),
    ...(kind.shortNames.length === 0 ? {} : { shortNames: [...kind.shortNames] }),
    ...(kind.categories.length === 0 ? {} : { categories: [...kind.categories] }),
    ...(stored === undefined ? {} : { storageVersionHash: storageVersionHash(stored) }),
  };
}

function subresourcesOf(kind: AnyResource): readonly APIResource[] {
  return [...kind.subresources].sort((a, b) => (a.name < b.name ? -1 : 1)).map((subresource) => {
    const of = subresource.kind;
    // Kubernetes: group and version are named only where they are not the resource's own.
    const isForeign = of !== undefined && (of.group !== kind.group || of.version !== kind.version);
    return {
      name: `${kind.plural}/${subresource.name}`, singularName: '', namespaced: kind.isNamespaced, kind: of?.kind ?? kind.kind, verbs: sortedVerbs(subresource.verbs),
      ...(isForeign ? { ...(of.group === '' ? {} : { group: of.group }), version: of.version } : {}),
    };
  });
}

/** Kubernetes: kinds that upstream stores in a version before the one it serves. Clients compare digests, so theirs are told. */
const storedBefore: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io/v1/CustomResourceDefinition': 'v1beta1',
  'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy': 'v1beta1',
  'admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding': 'v1beta1',
};

/** Tells clients when the stored form of a kind changes; upstream's digest, so that theirs and ours compare equal. */
export const storageVersionHash = ({ group, version, kind }: GroupVersionKind): string =>
  createHash('sha256').update(`${group}/${storedBefore[`${group}/${version}/${kind}`] ?? version}/${kind}`).digest().subarray(0, 8).toString('base64');

/** The aggregated form: every group, version and resource in one document. */
export function aggregated(kinds: readonly AnyResource[], isCore: boolean): APIGroupDiscoveryList {
  const names = isCore ? [{ name: '', versions: [{ version: 'v1' }] }] : groups(kinds);
  return {
    metadata: {},
    items: names.map(({ name, versions }) => ({
      metadata: name === '' ? {} : { name },
      versions: versions.map(({ version }) => ({
        version, resources: sorted(kinds.filter((kind) => kind.group === name && kind.version === version)).map(aggregatedResource), freshness: 'Current',
      })),
    })),
  };
}

function aggregatedResource(kind: AnyResource): APIResourceDiscovery {
  // Kubernetes: group and version of a kind are left empty where they are the resource's own.
  const responseKind = (of: GroupVersionKind | undefined): GroupVersionKind =>
    (of === undefined || (of.group === kind.group && of.version === kind.version) ? { group: '', version: '', kind: of?.kind ?? kind.kind } : of);
  const subresources = [...kind.subresources].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, verbs, kind: of }) => ({ subresource: name, responseKind: responseKind(of), verbs: sortedVerbs(verbs) }));
  return {
    resource: kind.plural, responseKind: responseKind(undefined), scope: kind.isNamespaced ? 'Namespaced' : 'Cluster', singularResource: kind.singular, verbs: sortedVerbs(kind.verbs),
    ...(kind.shortNames.length === 0 ? {} : { shortNames: [...kind.shortNames] }),
    ...(kind.categories.length === 0 ? {} : { categories: [...kind.categories] }),
    ...(subresources.length === 0 ? {} : { subresources }),
  };
}
