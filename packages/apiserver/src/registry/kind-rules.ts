/** Which of a kind's own rules hold for a write. They need nothing but the object and what it was. */
import type { AnyResource, ApiObject, FieldError } from '@kaji/api';

export interface Write {
  /** The kind as it is stored. */
  readonly resource: AnyResource;
  readonly subresource: string;
  readonly object: ApiObject;
  /** Undefined at a creation. */
  readonly old: ApiObject | undefined;
}

/** Subresources that change what an update of the object itself may not. */
const ownParts: ReadonlySet<string> = new Set(['resize', 'ephemeralcontainers', 'finalize']);

export function kindErrors({ resource, subresource, object, old }: Write): readonly FieldError[] {
  if (old !== undefined && subresource === 'status') return resource.validateStatus?.(object, old) ?? [];
  if (old !== undefined && ownParts.has(subresource)) return resource.validatePart?.(subresource, object, old) ?? [];
  return resource.validate?.(object, old) ?? [];
}

export function kindWarnings({ resource, subresource, object, old }: Write): readonly string[] {
  if (subresource === 'status') return resource.statusWarnings?.(object) ?? [];
  // Kubernetes: a change of the scale is an update of the whole.
  return subresource !== '' && subresource !== 'scale' && old !== undefined ? [] : resource.warnings?.(object, old) ?? [];
}
