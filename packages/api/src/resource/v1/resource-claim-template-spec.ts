/** What a template makes claims of. */
import { message, ref } from '@kaji/schema';
import { ResourceClaimSpec } from './resource-claim-spec.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** What the claims that are made look like. */
export class ResourceClaimTemplateSpec extends message('k8s.io.api.resource.v1.ResourceClaimTemplateSpec', {
  /** Labels and annotations of the claims. */
  metadata: ref(1, ObjectMeta).always(),
  /** What is asked for. */
  spec: ref(2, ResourceClaimSpec).required(),
}) {}
