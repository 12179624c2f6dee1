/** What the runtime says of itself. Numbers are those of runtime.v1. */
import { bool, list, message, ref, string, stringMap } from '@kaji/schema';

export class VersionRequest extends message('runtime.v1.VersionRequest', {
  version: string(1),
}) {}

export class VersionResponse extends message('runtime.v1.VersionResponse', {
  version: string(1).required(),
  runtimeName: string(2).required(),
  runtimeVersion: string(3).required(),
  runtimeApiVersion: string(4).required(),
}) {}

export class RuntimeCondition extends message('runtime.v1.RuntimeCondition', {
  type: string(1).required(),
  status: bool(2).required(),
  reason: string(3).required(),
  message: string(4).required(),
}) {}

export class RuntimeStatus extends message('runtime.v1.RuntimeStatus', {
  conditions: list(1, RuntimeCondition).required(),
}) {}

export class RuntimeHandlerFeatures extends message('runtime.v1.RuntimeHandlerFeatures', {
  recursiveReadOnlyMounts: bool(1).required(),
  userNamespaces: bool(2).required(),
}) {}

export class RuntimeHandler extends message('runtime.v1.RuntimeHandler', {
  name: string(1).required(),
  features: ref(2, RuntimeHandlerFeatures),
}) {}

export class RuntimeFeatures extends message('runtime.v1.RuntimeFeatures', {
  supplementalGroupsPolicy: bool(1).required(),
  userNamespacesHostNetwork: bool(2).required(),
}) {}

export class StatusRequest extends message('runtime.v1.StatusRequest', {
  verbose: bool(1),
}) {}

export class StatusResponse extends message('runtime.v1.StatusResponse', {
  status: ref(1, RuntimeStatus),
  info: stringMap(2).required(),
  runtimeHandlers: list(3, RuntimeHandler).required(),
  features: ref(4, RuntimeFeatures),
}) {}

export class NetworkConfig extends message('runtime.v1.NetworkConfig', {
  podCidr: string(1),
}) {}

export class RuntimeConfig extends message('runtime.v1.RuntimeConfig', {
  networkConfig: ref(1, NetworkConfig),
}) {}

export class UpdateRuntimeConfigRequest extends message('runtime.v1.UpdateRuntimeConfigRequest', {
  runtimeConfig: ref(1, RuntimeConfig),
}) {}

export class UpdateRuntimeConfigResponse extends message('runtime.v1.UpdateRuntimeConfigResponse', {}) {}
