/** Rules of ResourceSlices: the devices that a driver offers. */
import { append } from '@kaji/base';
import { addQuantities, compareQuantities, dns1123SubdomainErrors, givenValue, goForm, isDeepEqual, labelValueErrors, quantityValue } from '@kaji/schema';
import { isNative } from '../../core/v1/resource-rules.ts';
import { NodeSelectorTerm } from '../../core/v1/scheduling.ts';
import { validateNodeSelector } from '../../core/v1/scheduling-rules.ts';
import { driverNameErrors } from '../../core/v1/volume-source-rules.ts';
import { forbidden, immutable, invalid, invalidAll, notFoundField, notSupported, required, tooLong, tooMany } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { attributeNameErrors, bindingErrors, bytesOf, labelErrors, labelNameErrors, listErrors, poolNameErrors, setErrors, taintEffects } from './device-rules.ts';
import type { ResourceSlice, ResourceSliceSpec } from './resource-slice.ts';
import { type CapacityRequestPolicy, type CapacityRequestPolicyRange, type Counter, type CounterSet, type Device, DeviceAttribute, type DeviceCapacity, type DeviceCounterConsumption, type DeviceTaint } from './device.ts';

const mostDevices = 128;
/** Of devices with taints, with counters or with lists of attributes. */
const mostElaborateDevices = 64;
const mostCounterSets = 8;
const mostCounters = 32;
const mostConsumptions = 2;
const mostProperties = 32;
const mostAttributeValues = 48;
const mostTaints = 16;
const mostValidValues = 10;
const longestValue = 64;
const longestAttributeName = 63 + 1 + 32;

export function validateResourceSlice({ spec }: ResourceSlice, old: ResourceSlice | undefined): FieldError[] {
  const { driver, pool, devices, sharedCounters } = spec;
  const errors = [
    ...driverNameErrors(driver, 'spec.driver'), ...poolNameErrors(pool.name, 'spec.pool.name'),
    ...(pool.resourceSliceCount <= 0 ? [invalid('spec.pool.resourceSliceCount', pool.resourceSliceCount, 'must be greater than zero')] : []),
    ...(pool.generation < 0 ? [invalid('spec.pool.generation', pool.generation, 'must be greater than or equal to zero')] : []),
  ];
  if (old !== undefined) append(errors, immutable('spec.pool.name', pool.name, old.spec.pool.name), immutable('spec.driver', driver, old.spec.driver), immutable('spec.nodeName', spec.nodeName, old.spec.nodeName));
  append(errors, placeErrors(spec));
  if (givenValue(spec, 'sharedCounters') !== undefined && givenValue(spec, 'devices') !== undefined) errors.push(invalid('spec', '', 'only one of `sharedCounters` or `devices` is allowed'));
  const most = (devices ?? []).some(isElaborate) ? mostElaborateDevices : mostDevices;
  const before = new Map((old?.spec.devices ?? []).map((device) => [device.name, device]));
  return [
    ...errors,
    ...setErrors(devices, 'spec.devices', { most, rule: (device, path) => deviceErrors(device, before.get(device.name), path, spec.perDeviceNodeSelection === true), keyOf: ({ name }) => name }),
    ...setErrors(sharedCounters, 'spec.sharedCounters', { most: mostCounterSets, rule: counterSetErrors, keyOf: ({ name }) => name }),
  ];
}

const isElaborate = ({ taints = [], consumesCounters = [], attributes = {} }: Device): boolean =>
  taints.length > 0 || consumesCounters.length > 0 || Object.values(attributes).some(({ bools, ints, strings, versions }) => (bools ?? ints ?? strings ?? versions) !== undefined);

const nodeNameErrors = (name: string, path: string): FieldError[] => invalidAll(path, name, dns1123SubdomainErrors(name));
const onlyTrue = 'must be either unset or set to true';

/** Where the devices are: said in exactly one way. */
function placeErrors({ nodeName, nodeSelector, allNodes, perDeviceNodeSelection }: ResourceSliceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const given: string[] = [];
  if (nodeName === '') errors.push(invalid('spec.nodeName', '', 'must be either unset or set to a non-empty string'));
  else if (nodeName !== undefined) {
    given.push('`nodeName`');
    append(errors, nodeNameErrors(nodeName, 'spec.nodeName'));
  }
  if (nodeSelector !== undefined) {
    given.push('`nodeSelector`');
    const terms = nodeSelector.nodeSelectorTerms;
    append(errors, validateNodeSelector(nodeSelector, 'spec.nodeSelector'));
    if (terms.length !== 1) errors.push(invalid('spec.nodeSelector.nodeSelectorTerms', givenValue(nodeSelector, 'nodeSelectorTerms')?.map((term) => goForm(NodeSelectorTerm, term)), 'must have exactly one node selector term'));
  }
  for (const [name, value] of [['allNodes', allNodes], ['perDeviceNodeSelection', perDeviceNodeSelection]] as const) {
    if (value === true) given.push(`\`${name}\``);
    else if (value === false) errors.push(invalid(`spec.${name}`, false, onlyTrue));
  }
  const why = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  if (given.length === 0) errors.push(required('spec', why));
  if (given.length > 1) errors.push(invalid('spec', `{${given.join(', ')}}`, `${why}, but multiple fields are set`));
  return errors;
}

function deviceErrors(device: Device, old: Device | undefined, path: string, isPlacedItself: boolean): FieldError[] {
  const { name, attributes = {}, capacity = {}, taints = [], consumesCounters } = device;
  const errors = labelErrors(name, `${path}.name`);
  const count = Object.keys(attributes).length + Object.keys(capacity).length;
  if (count > mostProperties) errors.push(invalid(path, count, `the total number of attributes and capacities must not exceed ${mostProperties}`));
  const values = Object.values(attributes).reduce((sum, attribute) => sum + valueCount(attribute), 0);
  if (values > mostAttributeValues) errors.push(invalid(path, values, `the total number of attribute values must not exceed ${mostAttributeValues}`));
  for (const [key, attribute] of Object.entries(attributes)) append(errors, attributeNameErrors(key, `${path}.attributes`), attributeErrors(attribute, `${path}.attributes[${shortened(key, longestAttributeName)}]`));
  for (const [key, amount] of Object.entries(capacity)) append(errors, attributeNameErrors(key, `${path}.capacity`), capacityErrors(amount, `${path}.capacity[${shortened(key, longestAttributeName)}]`, device.allowMultipleAllocations === true));
  if (old === undefined || !isDeepEqual(old.taints ?? [], taints)) append(errors, listErrors(taints, `${path}.taints`, mostTaints, taintErrors));
  append(errors, setErrors(consumesCounters, `${path}.consumesCounters`, { most: mostConsumptions, rule: consumptionErrors, keyOf: ({ counterSet }) => counterSet }));
  append(errors, isPlacedItself ? ownPlaceErrors(device, path) : noPlaceErrors(device, path), bindingErrors(device, path));
  return [...errors, ...mappingErrors(device, `${path}.nodeAllocatableResourceMappings`)];
}

const valueCount = ({ bools = [], ints = [], strings = [], versions = [] }: DeviceAttribute): number => Math.max(1, bools.length + ints.length + strings.length + versions.length);

/** Kubernetes: a key that is too long is shown without its middle. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const rest = most - 3;
  return `${text.slice(0, Math.floor((rest + 1) / 2))}...${text.slice(text.length - Math.floor(rest / 2))}`;
}

function ownPlaceErrors({ nodeName, nodeSelector, allNodes }: Device, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const given: string[] = [];
  if (nodeName === '') errors.push(invalid(`${path}.nodeName`, '', 'must not be empty'));
  else if (nodeName !== undefined) {
    given.push('`nodeName`');
    append(errors, nodeNameErrors(nodeName, `${path}.nodeName`));
  }
  if (nodeSelector !== undefined) {
    given.push('`nodeSelector`');
    append(errors, validateNodeSelector(nodeSelector, `${path}.nodeSelector`));
  }
  if (allNodes === true) given.push('`allNodes`');
  else if (allNodes === false) errors.push(invalid(`${path}.allNodes`, false, onlyTrue));
  const why = 'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec';
  if (given.length === 0) errors.push(required(path, why));
  if (given.length > 1) errors.push(invalid(path, `{${given.join(', ')}}`, why));
  return errors;
}

const noPlaceErrors = ({ nodeName, nodeSelector, allNodes }: Device, path: string): FieldError[] =>
  ((nodeName ?? nodeSelector ?? allNodes) === undefined ? [] : [invalid(path, null, '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec')]);

/** Semantic versions, as semver.org writes them. */
const version = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/;

const textErrors = (text: string, path: string): FieldError[] => (bytesOf(text) > longestValue ? [tooLong(path, longestValue)] : []);
const versionErrors = (text: string, path: string): FieldError[] => [...(version.test(text) ? [] : [invalid(path, text, 'must be a string compatible with semver.org spec 2.0.0')]), ...textErrors(text, path)];

function attributeErrors(attribute: DeviceAttribute, path: string): FieldError[] {
  const { bool, int, string, version: semantic, bools, ints, strings, versions } = attribute;
  const errors: FieldError[] = [];
  if (string !== undefined) append(errors, textErrors(string, `${path}.string`));
  if (semantic !== undefined) append(errors, versionErrors(semantic, `${path}.version`));
  for (const [name, list] of [['bools', bools], ['ints', ints], ['strings', strings], ['versions', versions]] as const) {
    if (list?.length === 0) errors.push(invalid(`${path}.${name}`, list, 'must not be empty if specified'));
    if (name === 'strings') append(errors, listErrors(strings, `${path}.strings`, undefined, textErrors));
    if (name === 'versions') append(errors, listErrors(versions, `${path}.versions`, undefined, versionErrors));
  }
  const count = [bool, int, string, semantic, bools, ints, strings, versions].filter((value) => value !== undefined).length;
  if (count === 0) errors.push(invalid(path, '', 'exactly one value must be specified'));
  if (count > 1) errors.push(invalid(path, goForm(DeviceAttribute, attribute), 'exactly one value must be specified'));
  return errors;
}

function capacityErrors({ value, requestPolicy }: DeviceCapacity, path: string, isShared: boolean): FieldError[] {
  if (requestPolicy === undefined) return [];
  const at = `${path}.requestPolicy`;
  return isShared ? policyErrors(requestPolicy, value, at) : [forbidden(at, 'allowMultipleAllocations must be true')];
}

function policyErrors({ default: usual, validValues = [], validRange }: CapacityRequestPolicy, most: string, path: string): FieldError[] {
  if (validValues.length > 0 && validRange !== undefined) return [forbidden(path, 'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time')];
  if (validValues.length > 0) return usual === undefined ? [required(`${path}.default`, 'required when validValues is defined')] : valuesErrors(usual, validValues, most, `${path}.validValues`);
  if (validRange === undefined) return [];
  return usual === undefined ? [required(`${path}.default`, 'required when validRange is defined')] : rangeErrors(usual, validRange, most, `${path}.validRange`);
}

function valuesErrors(usual: string, values: readonly string[], most: string, path: string): FieldError[] {
  const errors = values.flatMap((value, index) => {
    const next = values[index + 1];
    return next !== undefined && compareQuantities(value, next) > 0 ? [invalid(`${path}[${index + 1}]`, next, 'values must be sorted in ascending order')] : [];
  });
  append(errors, setErrors(values, path, {
    most: mostValidValues,
    rule: (value, at) => (compareQuantities(value, most) > 0 ? [invalid(at, value, `option is larger than capacity value: ${most}`)] : []),
    keyOf: (value) => String(quantityValue(value)),
  }));
  if (values.length > mostValidValues || !values.some((value) => compareQuantities(value, usual) === 0)) errors.push(invalid(path, usual, 'default value is not valid according to the requestPolicy'));
  return errors;
}

function rangeErrors(usual: string, { min, max, step }: CapacityRequestPolicyRange, most: string, path: string): FieldError[] {
  if ((min as string | undefined) === undefined) return [required(`${path}.min`, 'required when validRange is defined')]; // required, yet clients leave it out
  const errors: FieldError[] = [];
  if (compareQuantities(min, most) > 0) errors.push(invalid(`${path}.min`, min, `min is larger than capacity value: ${most}`));
  if (compareQuantities(usual, min) < 0) errors.push(invalid(`${path}.min`, usual, `default is less than min: ${min}`));
  if (max !== undefined) {
    if (compareQuantities(min, max) > 0) errors.push(invalid(`${path}.max`, min, `min is larger than max: ${max}`));
    if (compareQuantities(max, most) > 0) errors.push(invalid(`${path}.max`, max, `max is larger than capacity value: ${most}`));
    if (compareQuantities(usual, max) > 0) errors.push(invalid(`${path}.max`, usual, `default is more than max: ${max}`));
  }
  if (step === undefined) return errors;
  const first = addQuantities(min, step);
  if (compareQuantities(first, most) > 0) errors.push(invalid(`${path}.step`, step, `one step ${first} is larger than capacity value: ${most}`));
  for (const value of max === undefined ? [usual] : [usual, max]) {
    const size = quantityValue(step);
    if (size !== 0n && (quantityValue(value) - quantityValue(min)) % size !== 0n) errors.push(invalid(`${path}.step`, value, `value is not a multiple of a given step (${step}) from (${min})`));
  }
  return errors;
}

function taintErrors({ key, value = '', effect }: DeviceTaint, path: string): FieldError[] {
  const errors = [...labelNameErrors(key, `${path}.key`), ...(value === '' ? [] : invalidAll(`${path}.value`, value, labelValueErrors(value)))];
  if (effect as string === '') return [...errors, required(`${path}.effect`)]; // clients may send any text
  return taintEffects.includes(effect) ? errors : [...errors, notSupported(`${path}.effect`, effect, taintEffects)];
}

function countersErrors(counters: Readonly<Record<string, Counter>> | undefined, path: string): FieldError[] {
  const names = Object.keys(counters ?? {});
  if (names.length === 0) return [required(path)];
  return names.length > mostCounters ? [tooMany(path, names.length, mostCounters)] : names.flatMap((name) => labelErrors(name, path));
}

const consumptionErrors = ({ counterSet, counters }: DeviceCounterConsumption, path: string): FieldError[] =>
  [...(counterSet === '' ? [required(`${path}.counterSet`)] : labelErrors(counterSet, `${path}.counterSet`)), ...countersErrors(counters, `${path}.counters`)];

const counterSetErrors = ({ name, counters }: CounterSet, path: string): FieldError[] => [...(name === '' ? [required(`${path}.name`)] : labelErrors(name, `${path}.name`)), ...countersErrors(counters, `${path}.counters`)];

function mappingErrors({ nodeAllocatableResourceMappings: mappings = {}, capacity = {} }: Device, path: string): FieldError[] {
  return Object.entries(mappings).flatMap(([name, { allocationMultiplier: multiplier, capacityKey }]) => {
    const at = `${path}[${name}]`;
    const errors = isNative(name) ? [] : [invalid(at, name, 'must be a node allocatable resource name')];
    if (multiplier === undefined && capacityKey === undefined) errors.push(invalid(at, '', 'at least one of allocationMultiplier or capacityKey must be set'));
    if (multiplier !== undefined && compareQuantities(multiplier, '0') <= 0) errors.push(invalid(`${at}.allocationMultiplier`, multiplier, 'must be positive'));
    if (capacityKey === '') errors.push(invalid(`${at}.capacityKey`, '', 'capacityKey must not be an empty string'));
    else if (capacityKey !== undefined && capacity[capacityKey] === undefined) errors.push(notFoundField(`${at}.capacityKey`, capacityKey));
    return errors;
  });
}

/** Kubernetes: a driver's name may have capitals, which is not well seen. */
export const resourceSliceWarnings = ({ spec: { driver } }: ResourceSlice): readonly string[] =>
  (driver === driver.toLowerCase() ? [] : [`spec.driver: driver names should be lowercase; ${JSON.stringify(driver)} contains uppercase characters`]);
