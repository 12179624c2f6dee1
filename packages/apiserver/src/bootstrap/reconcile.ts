// What has to be written at a start: everything on the first, what is missing on later ones. Pure.
import type { AnyResource, ApiObject } from '@kaji/api';
import type { PolicyRule, RoleRef, Subject } from '@kaji/api/rbac/v1';
import { isDeepEqual } from '@kaji/schema';
import { uncovered } from '../authorization/rules.ts';
import type { Seed } from '../registry/parts.ts';
import { autoUpdateAnnotation } from './bootstrap-objects.ts';

type Find = (resource: AnyResource, namespace: string, name: string) => ApiObject | undefined;
type Role = ApiObject & { rules?: PolicyRule[] | null | undefined; aggregationRule?: unknown };
type Binding = ApiObject & { subjects?: Subject[] | undefined; roleRef: RoleRef };

/**
 * Kubernetes: permissions that an administrator took from a default role come back, those that were added stay;
 * the annotation `autoupdate: "false"` keeps an object as it is.
 */
export function missing(seeds: readonly Seed[], find: Find): readonly Seed[] {
  return seeds.flatMap(({ resource, object }) => {
    const existing = find(resource, object.metadata.namespace ?? '', object.metadata.name ?? '');
    if (existing === undefined) return [{ resource, object }];
    if (resource.group !== 'rbac.authorization.k8s.io' || existing.metadata.annotations?.[autoUpdateAnnotation] === 'false') return [];
    const repaired = resource.plural.endsWith('bindings') ? repairBinding(existing as Binding, object as Binding) : repairRole(existing as Role, object as Role); // the resource says which
    return isDeepEqual(repaired, existing) ? [] : [{ resource, object: repaired }];
  });
}

const withMarks = (existing: ApiObject, wanted: ApiObject): ApiObject['metadata'] => ({
  ...existing.metadata,
  labels: { ...existing.metadata.labels, ...wanted.metadata.labels },
  annotations: { ...wanted.metadata.annotations, ...existing.metadata.annotations },
});

function repairRole(existing: Role, wanted: Role): Role {
  const metadata = withMarks(existing, wanted);
  // What is aggregated belongs to the controller that aggregates.
  if (wanted.aggregationRule !== undefined) return { ...existing, metadata, aggregationRule: existing.aggregationRule ?? wanted.aggregationRule };
  const lost = uncovered(existing.rules ?? [], wanted.rules ?? []);
  return lost.length === 0 ? { ...existing, metadata } : { ...existing, metadata, rules: [...(existing.rules ?? []), ...(lost as PolicyRule[])] }; // parts of rules are rules
}

function repairBinding(existing: Binding, wanted: Binding): Binding {
  const metadata = withMarks(existing, wanted);
  // A binding's role cannot be changed: one that points elsewhere is made anew.
  if (!isDeepEqual({ ...existing.roleRef }, { ...wanted.roleRef })) return { ...wanted, metadata: { ...wanted.metadata } };
  const lost = (wanted.subjects ?? []).filter((subject) => !(existing.subjects ?? []).some((known) => isDeepEqual({ ...known }, { ...subject })));
  return lost.length === 0 ? { ...existing, metadata } : { ...existing, metadata, subjects: [...(existing.subjects ?? []), ...lost] };
}
