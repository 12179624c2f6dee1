import { int64, message, ref, string, strings, time } from '@kaji/schema';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** An object that a token lives and dies with. */
export class BoundObjectReference extends message('k8s.io.api.authentication.v1.BoundObjectReference', {
  /** Kind of the object: Pod, Secret or Node. */
  kind: string(1),
  /** Group and version of the object. */
  apiVersion: string(2),
  /** Name of the object. */
  name: string(3),
  /** Id of the object. */
  uid: string(4),
}) {}

/** What token is asked for. */
export class TokenRequestSpec extends message('k8s.io.api.authentication.v1.TokenRequestSpec', {
  /** Who it is for. Absent: the API server. */
  audiences: strings(1).always().atomic(),
  /** For how many seconds it should hold, at least 600. Defaults to 3600. */
  expirationSeconds: int64(4).explicit().default(3600).nullable(),
  /** An object that it lives and dies with. */
  boundObjectRef: ref(3, BoundObjectReference).nullable(),
}) {}

/** The token. */
export class TokenRequestStatus extends message('k8s.io.api.authentication.v1.TokenRequestStatus', {
  /** The token itself. */
  token: string(1).always(),
  /** Until when it holds. */
  expirationTimestamp: time(2).always(),
}) {}

/** Asks for a token of a ServiceAccount. */
export class TokenRequest extends message('k8s.io.api.authentication.v1.TokenRequest', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is asked for. */
  spec: ref(2, TokenRequestSpec).present(),
  /** The token. */
  status: ref(3, TokenRequestStatus).always(),
}) {}
