/** Rules of ResourceClaims, of templates for them, and of what was allocated to them. */
import { append } from '@kaji/base';
import { dns1123SubdomainErrors, givenValue, isDeepEqual } from '@kaji/schema';
import { validateNodeSelector } from '../../core/v1/scheduling-rules.ts';
import { driverNameErrors } from '../../core/v1/volume-source-rules.ts';
import { forbidden, immutableObject, invalid, invalidAll, notSupported, required, tooLong } from '../../field-error.ts';
import { interfaceAddressErrors } from '../../ip-rules.ts';
import { validateConditions } from '../../meta/v1/condition-rules.ts';
import { validateTemplateMeta } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import {
  bindingErrors, bytesOf, configurationErrors, fullAttributeNameErrors, labelErrors, listErrors, mostConfigurations, mostRequests, poolNameErrors, rawErrors, selectorErrors, setErrors, tolerationErrors, uuidErrors,
} from './device-rules.ts';
import type { ResourceClaim } from './resource-claim.ts';
import { type AllocatedDeviceStatus, AllocationResult, type DeviceAllocationConfiguration, type DeviceRequestAllocationResult, type NetworkDeviceData, type ResourceClaimConsumerReference } from './device-allocation.ts';
import { type DeviceClaim, type DeviceClaimConfiguration, type DeviceConstraint, type DeviceRequest, type DeviceSubRequest, type ExactDeviceRequest, ResourceClaimSpec } from './resource-claim-spec.ts';
import type { ResourceClaimTemplate } from './resource-claim-template.ts';
import { ResourceClaimTemplateSpec } from './resource-claim-template-spec.ts';

const mostConstraints = 32;
const mostAlternatives = 8;
const mostConsumers = 256;
const mostResults = 32;
const mostConditions = 8;
const longestData = 10 * 1024;
const mostAddresses = 16;
const longestInterfaceName = 256;
const longestHardwareAddress = 128;
const allocationModes = ['All', 'ExactCount'];
const sources = ['FromClaim', 'FromClass'];
const unknownRequest = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";

export function validateResourceClaim(claim: ResourceClaim, old: ResourceClaim | undefined): FieldError[] {
  if (old === undefined) return specErrors(claim.spec, 'spec');
  return immutableObject('spec', ResourceClaimSpec, claim.spec, old.spec);
}

export function validateResourceClaimTemplate({ spec }: ResourceClaimTemplate, old: ResourceClaimTemplate | undefined): FieldError[] {
  const errors = [...validateTemplateMeta(givenValue(spec, 'metadata'), 'spec.metadata'), ...specErrors(spec.spec, 'spec.spec')];
  return old === undefined ? errors : [...errors, ...immutableObject('spec', ResourceClaimTemplateSpec, spec, old.spec)];
}

function specErrors({ devices = { requests: [] } }: ResourceClaimSpec, path: string): FieldError[] {
  const at = `${path}.devices`;
  const names = requestNames(devices);
  return [
    ...setErrors(devices.requests, `${at}.requests`, { most: mostRequests, rule: requestErrors, keyOf: ({ name }) => name }),
    ...listErrors(devices.constraints, `${at}.constraints`, mostConstraints, (constraint, place) => constraintErrors(constraint, place, names)),
    ...listErrors(devices.config, `${at}.config`, mostConfigurations, (configuration, place) => claimConfigurationErrors(configuration, place, names)),
  ];
}

/** What constraints and results may name: requests, and each alternative of one as `request/alternative`. */
type RequestNames = ReadonlySet<string>;

const requestNames = ({ requests }: DeviceClaim): RequestNames => new Set((requests ?? []).flatMap(({ name, firstAvailable = [] }) => [name, ...firstAvailable.map((alternative) => `${name}/${alternative.name}`)]));

function requestErrors({ name, exactly, firstAvailable = [] }: DeviceRequest, path: string): FieldError[] {
  const errors = labelErrors(name, `${path}.name`);
  if (exactly === undefined && firstAvailable.length === 0) errors.push(required(path, 'exactly one of `exactly` or `firstAvailable` is required'));
  else if (exactly !== undefined && firstAvailable.length > 0) errors.push(invalid(path, null, 'exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set'));
  else if (exactly !== undefined) append(errors, wantedErrors(exactly, `${path}.exactly`));
  else append(errors, setErrors(firstAvailable, `${path}.firstAvailable`, { most: mostAlternatives, rule: (alternative, at) => [...labelErrors(alternative.name, `${at}.name`), ...wantedErrors(alternative, at)], keyOf: (alternative) => alternative.name }));
  return errors;
}

function wantedErrors({ deviceClassName, selectors, allocationMode, count = 0, tolerations = [] }: ExactDeviceRequest | DeviceSubRequest, path: string): FieldError[] {
  return [
    ...(deviceClassName === '' ? [required(`${path}.deviceClassName`)] : invalidAll(`${path}.deviceClassName`, deviceClassName, dns1123SubdomainErrors(deviceClassName))),
    ...selectorErrors(selectors, `${path}.selectors`), ...countErrors(allocationMode, count, path), ...listErrors(tolerations, `${path}.tolerations`, undefined, tolerationErrors),
  ];
}

function countErrors(mode: string | undefined, count: number, path: string): FieldError[] {
  if (mode === 'All') return count === 0 ? [] : [invalid(`${path}.count`, count, "must not be specified when allocationMode is 'All'")];
  if (mode === 'ExactCount') return count > 0 ? [] : [invalid(`${path}.count`, count, 'must be greater than zero')];
  return [notSupported(`${path}.allocationMode`, mode ?? '', allocationModes)];
}

function referenceErrors(name: string, path: string, names: RequestNames): FieldError[] {
  const parts = name.split('/');
  if (parts.length > 2) return [invalid(path, name, unknownRequest)];
  return [...parts.flatMap((part) => labelErrors(part, path)), ...(names.has(name) ? [] : [invalid(path, name, unknownRequest)])];
}

const referencesErrors = (requests: readonly string[] | undefined, path: string, names: RequestNames): FieldError[] =>
  setErrors(requests, `${path}.requests`, { most: mostRequests, rule: (name, at) => referenceErrors(name, at, names), keyOf: (name) => name });

function constraintErrors({ requests, matchAttribute, distinctAttribute }: DeviceConstraint, path: string, names: RequestNames): FieldError[] {
  const errors = referencesErrors(requests, path, names);
  if (matchAttribute !== undefined) return [...errors, ...fullAttributeNameErrors(matchAttribute, `${path}.matchAttribute`)];
  if (distinctAttribute !== undefined) return [...errors, ...fullAttributeNameErrors(distinctAttribute, `${path}.distinctAttribute`)];
  // Kubernetes: the text speaks of too many where there is none.
  return [...errors, required(path, 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set')];
}

const claimConfigurationErrors = (configuration: DeviceClaimConfiguration, path: string, names: RequestNames): FieldError[] => [...referencesErrors(configuration.requests, path, names), ...configurationErrors(configuration, path)];

/** A device that was given out: by driver, pool, name and share. */
const shownKey = ({ driver, pool, device, shareID = '' }: GivenDevice): unknown => ({ Driver: driver, Pool: pool, Device: device, ShareID: shareID });
const deviceKey = (device: GivenDevice): string => JSON.stringify(shownKey(device));

type GivenDevice = Pick<DeviceRequestAllocationResult, 'driver' | 'pool' | 'device' | 'shareID'>;

export function validateResourceClaimStatus({ metadata, spec, status = {} }: ResourceClaim, { status: old = {} }: ResourceClaim): FieldError[] {
  const { reservedFor = [], allocation } = status;
  const allocated = new Set((allocation?.devices?.results ?? []).map(deviceKey));
  const errors = [
    ...setErrors(reservedFor, 'status.reservedFor', { most: mostConsumers, rule: consumerErrors, keyOf: ({ uid }) => uid }),
    ...setErrors(status.devices, 'status.devices', { rule: (device, at) => deviceErrors(device, at, allocated), keyOf: deviceKey, shown: shownKey }),
  ];
  if (reservedFor.length > 0 && allocation === undefined) errors.push(forbidden('status.reservedFor', 'may not be specified when `allocated` is not set'));
  else if (metadata.deletionTimestamp !== undefined && reservedFor.some((consumer) => !(old.reservedFor ?? []).some((known) => isDeepEqual(known, consumer)))) {
    errors.push(forbidden('status.reservedFor', 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set'));
  }
  if (allocation === undefined) return errors;
  if (old.allocation !== undefined) return [...errors, ...immutableObject('status.allocation', AllocationResult, allocation, old.allocation)];
  return [...errors, ...allocationErrors(allocation, 'status.allocation', requestNames(spec.devices ?? { requests: [] }))];
}

const consumerErrors = ({ resource, name, uid }: ResourceClaimConsumerReference, path: string): FieldError[] =>
  [...(resource === '' ? [required(`${path}.resource`)] : []), ...(name === '' ? [required(`${path}.name`)] : []), ...(uid === '' ? [required(`${path}.uid`)] : [])];

function allocationErrors({ devices, nodeSelector }: AllocationResult, path: string, names: RequestNames): FieldError[] {
  return [
    ...listErrors(devices?.results, `${path}.devices.results`, mostResults, (result, at) => resultErrors(result, at, names)),
    ...listErrors(devices?.config, `${path}.devices.config`, 2 * mostConfigurations, (configuration, at) => allocatedConfigurationErrors(configuration, at, names)),
    ...(nodeSelector === undefined ? [] : validateNodeSelector(nodeSelector, `${path}.nodeSelector`)),
  ];
}

const resultErrors = (result: DeviceRequestAllocationResult, path: string, names: RequestNames): FieldError[] => [
  ...referenceErrors(result.request, `${path}.request`, names), ...driverNameErrors(result.driver, `${path}.driver`), ...poolNameErrors(result.pool, `${path}.pool`), ...labelErrors(result.device, `${path}.device`),
  ...bindingErrors(result, path), ...(result.shareID === undefined ? [] : uuidErrors(result.shareID, `${path}.shareID`)),
];

function allocatedConfigurationErrors(configuration: DeviceAllocationConfiguration, path: string, names: RequestNames): FieldError[] {
  const source: string = configuration.source; // clients may send any text
  return [
    ...(source === '' ? [required(`${path}.source`)] : sources.includes(source) ? [] : [notSupported(`${path}.source`, source, sources)]),
    ...referencesErrors(configuration.requests, path, names), ...configurationErrors(configuration, path),
  ];
}

function deviceErrors(status: AllocatedDeviceStatus, path: string, allocated: ReadonlySet<string>): FieldError[] {
  const { driver, pool, device, shareID, conditions = [], data, networkData } = status;
  return [
    ...driverNameErrors(driver, `${path}.driver`), ...poolNameErrors(pool, `${path}.pool`), ...labelErrors(device, `${path}.device`), ...(shareID === undefined ? [] : uuidErrors(shareID, `${path}.shareID`)),
    ...(allocated.has(deviceKey(status)) ? [] : [invalid(path, shownKey(status), 'must be an allocated device in the claim')]),
    ...listErrors(conditions, `${path}.conditions`, mostConditions, () => []), ...validateConditions(conditions, `${path}.conditions`),
    ...(data === undefined ? [] : rawErrors(data, `${path}.data`, longestData)), ...(networkData === undefined ? [] : networkErrors(networkData, `${path}.networkData`)),
  ];
}

const networkErrors = ({ interfaceName = '', hardwareAddress = '', ips }: NetworkDeviceData, path: string): FieldError[] => [
  ...(bytesOf(interfaceName) > longestInterfaceName ? [tooLong(`${path}.interfaceName`, longestInterfaceName)] : []),
  ...(bytesOf(hardwareAddress) > longestHardwareAddress ? [tooLong(`${path}.hardwareAddress`, longestHardwareAddress)] : []),
  ...setErrors(ips, `${path}.ips`, { most: mostAddresses, rule: (address, at) => interfaceAddressErrors(at, address), keyOf: (address) => address }),
];
