/** What a quota knows of a kind: which of its names concern it, which writes can change the use, and how much an object uses. */
import type { ScopedResourceSelectorRequirement } from '../core/v1/scope-selector.ts';
import type { ApiObject, Resource } from '../resource.ts';
import type { Amounts } from './amounts.ts';

/** What measuring may look at beyond the object itself. */
export interface QuotaView {
  readonly nowMs: number;
  get<T extends ApiObject>(resource: Resource<T>, namespace: string, name: string): T | undefined;
  /** All namespaces when none is named. */
  list<T extends ApiObject>(resource: Resource<T>, namespace?: string): Iterable<T>;
}

export interface QuotaWrite {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly object: ApiObject | undefined;
  readonly old: ApiObject | undefined;
}

// Methods are declared as methods: bivariant in T, so that an evaluator of one kind is an evaluator.
export interface Evaluator<T extends ApiObject = ApiObject> {
  /** Whether such a write can take more of a quota than was taken. */
  handles(write: QuotaWrite): boolean;
  /** Whether a name in a quota is one that objects of this kind use up. */
  isTracked(name: string, view: QuotaView): boolean;
  matchesScope(requirement: ScopedResourceSelectorRequirement, object: T): boolean;
  usage(object: T, view: QuotaView): Amounts;
  /** What a quota of these names demands that the object does not say. */
  missing?(names: readonly string[], object: T): string | undefined;
  /** Whether a change that admission did not judge, as of a status, may have changed the use. Deletions always do. */
  isReplenishing?(object: T, old: T, view: QuotaView): boolean;
}

/** `count/deployments.apps` */
export const countName = ({ group, plural }: { readonly group: string; readonly plural: string }): string => `count/${plural}${group === '' ? '' : `.${group}`}`;

/** Kinds of which only the number counts. */
export function counted(of: { readonly group: string; readonly plural: string }, alias?: string): Evaluator {
  const names = [countName(of), ...(alias === undefined ? [] : [alias])];
  const usage: Amounts = Object.fromEntries(names.map((name) => [name, '1']));
  return {
    handles: ({ operation, subresource }) => operation === 'CREATE' && subresource === '',
    isTracked: (name) => names.includes(name),
    matchesScope: () => false,
    usage: () => usage,
  };
}

/** The operators of a scope's selector, over the values that an object has for the scope. */
export function matchesOperator({ operator, values = [] }: ScopedResourceSelectorRequirement, own: readonly string[]): boolean {
  switch (operator) {
    case 'Exists': return own.length > 0;
    case 'DoesNotExist': return own.length === 0;
    case 'In': return own.some((value) => values.includes(value));
    // Kubernetes: one value outside of them is enough.
    case 'NotIn': return own.length === 0 || own.some((value) => !values.includes(value));
    default: return false;
  }
}
