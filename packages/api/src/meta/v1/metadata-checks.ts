/** Which rules of metadata a kind asks for by itself, beside those that all kinds share. A client sees a cause as often as it is found. */
import type { FieldError } from '../../resource.ts';
import { type NameRule, validateFinalizerDomains, validateObjectMeta, validateObjectMetaUpdate } from './object-meta-rules.ts';
import type { ObjectMeta } from './object-meta.ts';

/** `whole`: what metadata must be like. `change`: what an update may make of it. */
export type MetadataCheck = 'whole' | 'change';

export interface MetadataChecks {
  /** By occasion: `create`, `update`, or the name of a subresource. Subresources without a line are checked as updates are. */
  readonly on?: Readonly<Record<string, readonly MetadataCheck[]>>;
  /** Finalizers need not have a domain. */
  readonly areFinalizersFree?: boolean;
}

export interface CheckedKind {
  readonly isNamespaced: boolean;
  readonly nameErrors?: NameRule;
  readonly metadataChecks?: MetadataChecks;
}

const usual: Readonly<Record<string, readonly MetadataCheck[]>> = { create: ['whole'], update: ['change', 'whole'], status: ['change'] };

/** `occasion` is `create`, `update`, or the name of a subresource. */
export function metadataErrors({ isNamespaced, nameErrors, metadataChecks = {} }: CheckedKind, occasion: string, metadata: ObjectMeta, old?: ObjectMeta): FieldError[] {
  const { on = {}, areFinalizersFree = false } = metadataChecks;
  const checks = on[occasion] ?? usual[occasion] ?? on['update'] ?? usual['update'] ?? [];
  return checks.flatMap((check) => [
    ...(check === 'change' && old !== undefined ? validateObjectMetaUpdate(metadata, old) : validateObjectMeta(metadata, { isNamespaced, nameErrors })),
    ...(areFinalizersFree ? [] : validateFinalizerDomains(metadata.finalizers, 'metadata.finalizers')),
  ]);
}

/** What every kind checks at a creation, after its own rules. */
export const sharedCreateErrors = ({ isNamespaced }: CheckedKind, metadata: ObjectMeta): FieldError[] => validateObjectMeta(metadata, { isNamespaced });

/** What every kind checks at an update, before its own rules. */
export const sharedUpdateErrors = ({ isNamespaced }: CheckedKind, metadata: ObjectMeta, old: ObjectMeta): FieldError[] =>
  [...validateObjectMeta(metadata, { isNamespaced }), ...validateObjectMetaUpdate(metadata, old)];
