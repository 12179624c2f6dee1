import { int32, list, message, ref, string } from '@kaji/schema';
import { ListMeta } from './list-meta.ts';

export class StatusCause extends message('k8s.io.apimachinery.pkg.apis.meta.v1.StatusCause', {
  reason: string(1),
  message: string(2),
  field: string(3),
}) {}

export class StatusDetails extends message('k8s.io.apimachinery.pkg.apis.meta.v1.StatusDetails', {
  name: string(1),
  group: string(2),
  kind: string(3),
  uid: string(6),
  causes: list(4, StatusCause).atomic(),
  retryAfterSeconds: int32(5),
}) {}

export class Status extends message('k8s.io.apimachinery.pkg.apis.meta.v1.Status', {
  metadata: ref(1, ListMeta).present(),
  status: string(2),
  message: string(3),
  reason: string(4),
  details: ref(5, StatusDetails),
  code: int32(6),
}) {}
