/** What is spoken with containerd's own services: its event stream, for runtimes whose CRI has none. */
import { int64, message, ref, string, strings, int32, uint32 } from '@kaji/schema';
import { binary } from './wrappers.ts';

export class Timestamp extends message('google.protobuf.Timestamp', {
  seconds: int64(1).required(),
  nanos: int32(2).required(),
}) {}

export class Any extends message('google.protobuf.Any', {
  typeUrl: string(1).required(),
  value: binary(2).required(),
}) {}

export class SubscribeRequest extends message('containerd.services.events.v1.SubscribeRequest', {
  filters: strings(1),
}) {}

export class Envelope extends message('containerd.types.Envelope', {
  timestamp: ref(1, Timestamp),
  namespace: string(2).required(),
  topic: string(3).required(),
  event: ref(4, Any),
}) {}

/** containerd.events.TaskExit. `id` is the process: the container's own id for its first process. */
export class TaskExit extends message('containerd.events.TaskExit', {
  containerId: string(1).required(),
  id: string(2).required(),
  pid: uint32(3).required(),
  exitStatus: uint32(4).required(),
}) {}

/** containerd.events.TaskStart and TaskOOM, which differ in nothing that matters here. */
export class TaskNotice extends message('containerd.events.TaskStart', {
  containerId: string(1).required(),
}) {}
