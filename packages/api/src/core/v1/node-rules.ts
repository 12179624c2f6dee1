/** Rules of Nodes. */
import { DecodeError, goForm, labelValueErrors, parseJson, qualifiedNameErrors, wasGivenEmpty } from '@kaji/schema';
import { duplicate, forbidden, internalError, invalid, invalidAll, required } from '../../field-error.ts';
import { cidrErrors, isCidr } from '../../ip-rules.ts';
import { cidrWarnings } from '../../ip-warnings.ts';
import type { FieldError } from '../../resource.ts';
import type { Node, Taint } from './node.ts';
import { NodeAddress } from './node-status.ts';
import { amountErrors } from './resource-rules.ts';
import { effectErrors } from './scheduling-rules.ts';

const shown = ({ key, value = '', effect, timeAdded }: Taint): unknown => ({ Key: key, Value: value, Effect: effect, TimeAdded: timeAdded ?? null });

function taintErrors(taints: readonly Taint[], at: string): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, index) => {
    const path = `${at}[${index}]`;
    const { key, value = '' } = taint;
    const effect: string = taint.effect;
    const messages = labelValueErrors(value);
    const errors = [...invalidAll(`${path}.key`, key, qualifiedNameErrors(key)), ...(messages.length > 0 ? [invalid(`${path}.value`, value, messages.join(';'))] : []), ...(effect === '' ? [required(`${path}.effect`)] : effectErrors(effect, `${path}.effect`))];
    const identity = `${key}:${effect}`;
    if (seen.has(identity)) errors.push({ ...duplicate(path, shown(taint)), message: `${duplicate(path, shown(taint)).message}: taints must be unique by key and effect pair` });
    seen.add(identity);
    return errors;
  });
}

const avoidAnnotation = 'scheduler.alpha.kubernetes.io/preferAvoidPods';

interface Avoided {
  readonly podSignature?: { readonly podController?: { readonly controller?: boolean } };
}

/** What pods a node would rather not have: an old annotation that nothing heeds any more. */
function annotationErrors({ metadata: { annotations } }: Node): FieldError[] {
  const text = annotations?.[avoidAnnotation] ?? '';
  if (text === '') return [];
  const path = 'metadata.annotations';
  const avoided = readAvoided(text);
  if (typeof avoided === 'string') return [invalid(`${path}.AvoidPods`, avoidAnnotation, avoided)];
  return avoided.flatMap(({ podSignature }, index) => {
    const at = `${path}.${avoidAnnotation}[${index}].PodSignature`;
    if (podSignature?.podController === undefined) return [required(at)];
    return podSignature.podController.controller === true ? [] : [invalid(`${at}.PodController.Controller`, false, 'must point to a controller')];
  });
}

function readAvoided(text: string): readonly Avoided[] | string {
  try {
    const { value } = parseJson(new TextEncoder().encode(text));
    return (value as { readonly preferAvoidPods?: readonly Avoided[] } | null)?.preferAvoidPods ?? []; // its form is checked by nobody: it has no effect
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

function amountsErrors({ status }: Node): FieldError[] {
  if (status === undefined) return [];
  // Kubernetes: where the list of what can be used is given empty, the capacity takes its place only when the node is read again.
  const lists = wasGivenEmpty(status, 'allocatable') ? ['capacity'] as const : ['capacity', 'allocatable'] as const;
  return lists.flatMap((list) => Object.entries(status[list] ?? {}).flatMap(([name, amount]) => amountErrors(name, amount, name === '' ? `status.${list}[]` : `status.${list}.${name}`)));
}

function featureErrors({ status }: Node): FieldError[] {
  const features = status?.declaredFeatures ?? [];
  return features.flatMap((name, index) => {
    const path = `status.declaredFeatures[${index}]`;
    const previous = features[index - 1];
    return [
      ...(previous === name ? [duplicate(path, name)] : previous !== undefined && previous > name ? [invalid(path, name, 'list must be sorted alphabetically')] : []),
      ...(name.length > 253 ? [invalid(path, name, `invalid feature name ${JSON.stringify(name)}: must be no more than 253 characters`)]
        : /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/.test(name) ? []
          : [invalid(path, name, `invalid feature name ${JSON.stringify(name)}: must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes`)]),
    ];
  });
}

/** Ranges of pods are of one family each. */
function familiesErrors(ranges: readonly string[]): FieldError[] {
  const path = 'spec.podCIDRs';
  const unknown = ranges.findIndex((range) => !isCidr(range));
  const families = new Set(ranges.map((range) => range.includes(':')));
  return [
    ...(unknown < 0 ? [] : [internalError(path, `invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[${unknown}]: <nil> (invalid CIDR address: ${ranges[unknown] ?? ''})`)]),
    ...(unknown >= 0 || families.size < 2 || ranges.length > 2 ? [invalid(path, ranges, 'may specify no more than one CIDR for each IP family')] : []),
  ];
}

/** What any node must be like. */
function wholeErrors(node: Node): FieldError[] {
  const { podCIDRs = [], taints = [] } = node.spec ?? {};
  const swap = node.status?.nodeInfo?.swap?.capacity;
  return [
    // Kubernetes: taints and swap are reported below metadata.
    ...annotationErrors(node), ...taintErrors(taints, 'metadata.taints'), ...amountsErrors(node),
    ...(swap !== undefined && swap <= 0 ? [invalid('metadata.nodeSwapStatus.capacity', swap, 'must be greater than zero')] : []), ...featureErrors(node),
    ...podCIDRs.flatMap((range, index) => cidrErrors(`spec.podCIDRs[${index}]`, range)),
    ...(podCIDRs.length > 1 ? familiesErrors(podCIDRs) : []),
  ];
}

function changeErrors(node: Node, old: Node): FieldError[] {
  const { podCIDRs = [], taints = [], providerID = '', externalID = '' } = node.spec ?? {};
  const { podCIDRs: before = [], providerID: provider = '', externalID: external = '' } = old.spec ?? {};
  const addresses = node.status?.addresses ?? [];
  const changed = before.length === 0 ? 0 : before.length !== podCIDRs.length ? 1 : before.filter((range, index) => range !== podCIDRs[index]).length;
  return [
    ...annotationErrors(node), ...amountsErrors(node), ...featureErrors(node),
    ...addresses.flatMap((one, index) => (addresses.findIndex(({ type, address }) => type === one.type && address === one.address) < index ? [duplicate(`status.addresses[${index}]`, goForm(NodeAddress, one))] : [])),
    ...Array.from({ length: changed }, () => forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid')),
    ...(provider !== '' && provider !== providerID ? [forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid')] : []),
    ...taintErrors(taints, 'metadata.taints'), ...(externalID === external ? [] : [forbidden('spec.externalID', 'may not be updated')]),
  ];
}

/** Kubernetes: an update is checked by both sets of rules; clients see what both find twice. */
export const validateNode = (node: Node, old: Node | undefined): FieldError[] => [...wholeErrors(node), ...(old === undefined ? [] : changeErrors(node, old))];

export const validateNodeStatus = (node: Node, old: Node): FieldError[] => changeErrors(node, old);

export const nodeWarnings = ({ spec }: Node): string[] => [
  ...(spec.configSource === undefined ? [] : ['spec.configSource: the feature is removed']),
  ...((spec.externalID ?? '') === '' ? [] : ['spec.externalID: this field is deprecated, and is unused by Kubernetes']),
  ...(spec.podCIDRs ?? []).flatMap((range, index) => cidrWarnings(`spec.podCIDRs[${index}]`, range)),
];
