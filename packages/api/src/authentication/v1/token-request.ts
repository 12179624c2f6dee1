import { int64, message, ref, string, strings, time } from '@kaji/schema';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

export class BoundObjectReference extends message('k8s.io.api.authentication.v1.BoundObjectReference', {
  kind: string(1),
  apiVersion: string(2),
  name: string(3),
  uid: string(4),
}) {}

export class TokenRequestSpec extends message('k8s.io.api.authentication.v1.TokenRequestSpec', {
  audiences: strings(1).always().atomic(),
  expirationSeconds: int64(4).explicit().default(3600).nullable(),
  boundObjectRef: ref(3, BoundObjectReference).nullable(),
}) {}

export class TokenRequestStatus extends message('k8s.io.api.authentication.v1.TokenRequestStatus', {
  token: string(1).always(),
  expirationTimestamp: time(2).always(),
}) {}

export class TokenRequest extends message('k8s.io.api.authentication.v1.TokenRequest', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, TokenRequestSpec).present(),
  status: ref(3, TokenRequestStatus).always(),
}) {}
