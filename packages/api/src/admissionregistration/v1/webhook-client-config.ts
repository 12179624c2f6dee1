import { bytes, int32, message, ref, string } from '@kaji/schema';

/** A Service, and a path on it. */
export class ServiceReference extends message('k8s.io.api.admissionregistration.v1.ServiceReference', {
  /** Namespace of the Service. */
  namespace: string(1).required(),
  /** Name of the Service. */
  name: string(2).required(),
  /** Path of requests. Absent: none. */
  path: string(3).explicit(),
  /** Port of the Service. Defaults to 443. */
  port: int32(4).explicit().default(443),
}) {}

/** Where a webhook is reached. Exactly one of url and service is set. */
export class WebhookClientConfig extends message('k8s.io.api.admissionregistration.v1.WebhookClientConfig', {
  /** Its address, beginning with https. It has no user, no query and no fragment. */
  url: string(3).explicit(),
  /** The Service it stands behind. */
  service: ref(1, ServiceReference),
  /** Certificates, in PEM, that its own must come from. Absent: those of the system. */
  caBundle: bytes(2),
}) {}
