/** Volume claims use up storage, also by their storage class. Pure. */
import { compareQuantities, formatQuantity, parseQuantity, quantityValue } from '@kaji/schema';
import type { PersistentVolumeClaim } from '../core/v1/persistent-volume-claim.ts';
import type { ApiObject } from '../resource.ts';
import { countName, type Evaluator, matchesOperator } from './evaluator.ts';

type Claim = PersistentVolumeClaim & ApiObject;

const claimCount = countName({ group: '', plural: 'persistentvolumeclaims' });
const resources = ['persistentvolumeclaims', 'requests.storage'];
const classInfix = '.storageclass.storage.k8s.io/';
const betaClass = 'volume.beta.kubernetes.io/storage-class';

export const volumeClaimEvaluator: Evaluator<Claim> = {
  // Kubernetes: a status can raise what a claim uses, and is never refused for it.
  handles: ({ operation, subresource }) => (subresource === '' && (operation === 'CREATE' || operation === 'UPDATE')) || subresource === 'status',
  isTracked: (name) => name === claimCount || resources.includes(name) || resources.some((resource) => name.endsWith(`${classInfix}${resource}`)),
  matchesScope: (requirement, claim) => requirement.scopeName === 'VolumeAttributesClass' && matchesOperator(requirement, attributesClasses(claim)),
  usage(claim) {
    const className = claim.metadata.annotations?.[betaClass] ?? claim.spec.storageClassName ?? '';
    const ofClass = (resource: string, amount: string): Record<string, string> => (className === '' ? {} : { [`${className}${classInfix}${resource}`]: amount });
    const storage = storageOf(claim);
    return {
      persistentvolumeclaims: '1', [claimCount]: '1', ...ofClass('persistentvolumeclaims', '1'),
      ...(storage === undefined ? {} : { 'requests.storage': storage, ...ofClass('requests.storage', storage) }),
    };
  },
  isReplenishing: () => true,
};

/** What was asked for, or has been given where that is more, in whole bytes. */
function storageOf({ spec, status }: Claim): string | undefined {
  const asked = spec.resources?.requests?.['storage'];
  if (asked === undefined) return undefined;
  const given = status?.allocatedResources?.['storage'];
  return wholeBytes(given !== undefined && compareQuantities(given, wholeBytes(asked)) > 0 ? given : asked);
}

function wholeBytes(text: string): string {
  const { nano, format } = parseQuantity(text);
  const whole = quantityValue(text) * 1_000_000_000n;
  return whole === nano ? text : formatQuantity({ nano: whole, format });
}

/** The class that is wanted, the one it has, and the one it is on its way to. */
function attributesClasses({ spec, status }: Claim): readonly string[] {
  const names = [spec.volumeAttributesClassName, status?.currentVolumeAttributesClassName, status?.modifyVolumeStatus?.targetVolumeAttributesClassName];
  return [...new Set(names.filter((name) => name !== undefined && name !== ''))] as string[]; // what is absent was left out
}
