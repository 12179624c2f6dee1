import { list, message, ref, string } from '@kaji/schema';
import { plainAgeColumns } from '../../columns/cells.ts';
import { resource } from '../../resource.ts';
import { validateDeviceClass } from './device-class-rules.ts';
import { DeviceConfiguration } from './device-configuration.ts';
import { DeviceSelector } from './device-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class DeviceClassConfiguration extends message('k8s.io.api.resource.v1.DeviceClassConfiguration', {
  deviceConfiguration: ref(1, DeviceConfiguration).inline(),
}) {}

export class DeviceClassSpec extends message('k8s.io.api.resource.v1.DeviceClassSpec', {
  selectors: list(1, DeviceSelector).atomic(),
  config: list(2, DeviceClassConfiguration).atomic(),
  extendedResourceName: string(4).explicit(),
}) {}

export class DeviceClass extends message('k8s.io.api.resource.v1.DeviceClass', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, DeviceClassSpec).required(),
}) {}

export const deviceclasses = resource({
  group: 'resource.k8s.io', version: 'v1', plural: 'deviceclasses', singular: 'deviceclass', kind: 'DeviceClass', isNamespaced: false, type: DeviceClass,
  returnsDeleted: true,
  validate: validateDeviceClass,
  columns: plainAgeColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole', 'change'] } },
});
