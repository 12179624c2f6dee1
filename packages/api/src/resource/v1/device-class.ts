import { list, message, ref, string } from '@kaji/schema';
import { plainAgeColumns } from '../../columns/cells.ts';
import { cel } from '../../expression-language.ts';
import { resource } from '../../resource.ts';
import { validateDeviceClass } from './device-class-rules.ts';
import { DeviceConfiguration } from './device-configuration.ts';
import { DeviceSelector } from './device-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** Settings of the devices of a class. */
export class DeviceClassConfiguration extends message('k8s.io.api.resource.v1.DeviceClassConfiguration', {
  /** The settings. */
  deviceConfiguration: ref(1, DeviceConfiguration).inline(),
}) {}

/** Which devices a class has, and how they are set. */
export class DeviceClassSpec extends message('k8s.io.api.resource.v1.DeviceClassSpec', {
  /** Conditions that each device must fulfil. */
  selectors: list(1, DeviceSelector).atomic(),
  /** Settings for drivers, given with each claim. */
  config: list(2, DeviceClassConfiguration).atomic(),
  /** Resource by which pods can ask for devices of this class in their limits. */
  extendedResourceName: string(4).explicit(),
}) {}

/** A kind of devices that claims ask for. */
export class DeviceClass extends message('k8s.io.api.resource.v1.DeviceClass', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Which devices, and how they are set. */
  spec: ref(2, DeviceClassSpec).required(),
}) {}

export const deviceclasses = resource({
  group: 'resource.k8s.io', version: 'v1', plural: 'deviceclasses', singular: 'deviceclass', kind: 'DeviceClass', isNamespaced: false, type: DeviceClass,
  returnsDeleted: true,
  needs: [cel],
  validate: validateDeviceClass,
  columns: plainAgeColumns,
  // Kubernetes: checked by the newer rules, which look at whole names and count bytes.
  nameErrors: (name, isPrefix) => (isPrefix ? [] : subdomainName(name, isPrefix)).map((message) => message.replace('253 characters', '253 bytes')),
  metadataChecks: { on: { update: ['whole', 'change'] } },
});
