/** Rules of DeviceClasses. */
import { isDeepEqual } from '@kaji/schema';
import { isExtended } from '../../core/v1/resource-rules.ts';
import { invalid } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { DeviceClass } from './device-class.ts';
import { configurationErrors, listErrors, mostConfigurations, selectorErrors } from './device-rules.ts';

export function validateDeviceClass({ spec }: DeviceClass, old: DeviceClass | undefined): FieldError[] {
  const { selectors, config, extendedResourceName: name } = spec;
  const isStored = old !== undefined && isDeepEqual(config ?? [], old.spec.config ?? []);
  return [
    ...selectorErrors(selectors, 'spec.selectors', old !== undefined && isDeepEqual(selectors ?? [], old.spec.selectors ?? [])), ...listErrors(config, 'spec.config', mostConfigurations, (configuration, path) => configurationErrors(configuration, path, isStored)),
    ...(name === undefined || isExtended(name) ? [] : [invalid('spec.extendedResourceName', name, 'must be a valid extended resource name')]),
  ];
}
