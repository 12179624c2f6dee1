import { bytes, int32, message, ref, string } from '@kaji/schema';

export class ServiceReference extends message('k8s.io.api.admissionregistration.v1.ServiceReference', {
  namespace: string(1).required(),
  name: string(2).required(),
  path: string(3).explicit(),
  port: int32(4).explicit().default(443),
}) {}

export class WebhookClientConfig extends message('k8s.io.api.admissionregistration.v1.WebhookClientConfig', {
  url: string(3).explicit(),
  service: ref(1, ServiceReference),
  caBundle: bytes(2),
}) {}
