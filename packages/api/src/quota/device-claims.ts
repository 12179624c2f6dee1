/** Claims of devices use up devices of a class; those that stand for an extended resource also that, beyond what their pod paid already. Pure. */
import { compareQuantities, parseTime, subtractQuantities } from '@kaji/schema';
import { pods } from '../core/v1/pod.ts';
import type { ApiObject } from '../resource.ts';
import { type DeviceClass, deviceclasses } from '../resource/v1/device-class.ts';
import { type ResourceClaim, resourceclaims } from '../resource/v1/resource-claim.ts';
import type { ExactDeviceRequest } from '../resource/v1/resource-claim-spec.ts';
import { addAmounts, type Amounts, maxAmounts } from './amounts.ts';
import { countName, type Evaluator, type QuotaView } from './evaluator.ts';
import { deviceClassPrefix, isExtendedQuotaName, podEvaluator } from './pods.ts';

type Claim = ResourceClaim & ApiObject;

const claimCount = countName({ group: 'resource.k8s.io', plural: 'resourceclaims' });
const perClass = '.deviceclass.resource.k8s.io/devices';
const implicitPrefix = `requests.${deviceClassPrefix}`;
const extendedAnnotation = 'resource.kubernetes.io/extended-resource-claim';

/** As many devices as a claim can be given. */
const mostDevices = 32;

/** The extended resource that a class of devices stands for. */
const extendedName = (object: ApiObject | undefined): string => (object as (DeviceClass & ApiObject) | undefined)?.spec.extendedResourceName ?? ''; // the cache of classes holds classes

export const deviceClaimEvaluator: Evaluator<Claim> = {
  handles: ({ operation, subresource }) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  isTracked(name, view) {
    if (name === claimCount || name.endsWith(perClass)) return true;
    if (name.startsWith(implicitPrefix)) return view.get(deviceclasses, '', name.slice(implicitPrefix.length)) !== undefined;
    if (!isExtendedQuotaName(name)) return false;
    const wanted = name.slice('requests.'.length);
    for (const each of view.list(deviceclasses)) if (extendedName(each) === wanted) return true;
    return false;
  },
  matchesScope: () => false,
  usage(claim, view) {
    const byClass = (claim.spec.devices?.requests ?? []).reduce((sum: Amounts, request) => addAmounts(sum, devicesOf(request)), {});
    return { [claimCount]: '1', ...byClass, ...extendedUse(byClass, paidByPod(claim, view), view) };
  },
};

/** Of alternatives, the most of each class: which one it will be is not known yet. */
function devicesOf({ exactly, firstAvailable = [] }: NonNullable<NonNullable<Claim['spec']['devices']>['requests']>[number]): Amounts {
  const one = ({ deviceClassName, allocationMode, count = 0 }: Pick<ExactDeviceRequest, 'deviceClassName' | 'allocationMode' | 'count'>): Amounts =>
    ({ [`${deviceClassName}${perClass}`]: String(allocationMode === 'ExactCount' ? count : allocationMode === 'All' ? mostDevices : 0) });
  if (firstAvailable.length > 0) return firstAvailable.map((each) => one(each as Parameters<typeof one>[0])).reduce((most, each) => maxAmounts(most, each), {}); // alternatives have the same three
  return exactly === undefined ? {} : one(exactly);
}

function extendedUse(byClass: Amounts, paid: Amounts, view: QuotaView): Amounts {
  const used: Record<string, string> = {};
  for (const [name, amount] of Object.entries(byClass)) {
    const className = name.slice(0, -perClass.length);
    if (className === '') continue;
    const explicit = extendedName(view.get(deviceclasses, '', className));
    for (const extended of [`${implicitPrefix}${className}`, ...(explicit === '' ? [] : [`requests.${explicit}`])]) {
      const rest = paid[extended] === undefined ? amount : subtractQuantities(amount, paid[extended]);
      if (compareQuantities(rest, '0') > 0) used[extended] = rest;
    }
  }
  return used;
}

/** What the pod that the scheduler made this claim for is charged with. Only its own, first such claim is exempt. */
function paidByPod(claim: Claim, view: QuotaView): Amounts {
  const { metadata: { annotations, namespace = '', name } } = claim;
  const owner = ownerPod(claim);
  if (annotations?.[extendedAnnotation] !== 'true' || owner === undefined) return {};
  const pod = view.get(pods, namespace, owner.name);
  if (pod === undefined || pod.metadata.uid !== owner.uid) return {};
  const stated = pod.status?.extendedResourceClaimStatus;
  if (stated !== undefined ? stated.resourceClaimName !== name : !isFirst(claim, view)) return {};
  return podEvaluator.usage(pod, view);
}

const ownerPod = ({ metadata: { ownerReferences = [] } }: ApiObject): { readonly name: string; readonly uid: string } | undefined =>
  ownerReferences.find(({ controller, kind, apiVersion }) => controller === true && kind === 'Pod' && apiVersion === 'v1');

function isFirst(claim: Claim, view: QuotaView): boolean {
  const rank = ({ metadata: { creationTimestamp = '', name = '' } }: ApiObject): readonly [number, string] => [parseTime(creationTimestamp) ?? 0, name];
  const [time, name] = rank(claim);
  const uid = ownerPod(claim)?.uid;
  for (const other of view.list(resourceclaims, claim.metadata.namespace ?? '')) {
    if (other.metadata.annotations?.[extendedAnnotation] !== 'true' || ownerPod(other)?.uid !== uid) continue;
    const [otherTime, otherName] = rank(other);
    if (otherTime < time || (otherTime === time && otherName < name)) return false;
  }
  return true;
}
