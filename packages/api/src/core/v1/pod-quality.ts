import { compareQuantities } from '@kaji/schema';
import type { PodSpec } from './pod-spec.ts';

const counted = ['cpu', 'memory'] as const;
const isAsked = (amount: string | undefined): amount is string => amount !== undefined && compareQuantities(amount, '0') > 0;

/** The quality of service that a pod gets: by what its containers ask for, or by what the pod as a whole asks for. */
export function qosClassOf(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const holders = spec.resources === undefined ? [...spec.containers, ...(spec.initContainers ?? [])].map(({ resources }) => resources ?? {}) : [spec.resources];
  if (!holders.some(({ limits, requests }) => counted.some((name) => isAsked(limits?.[name]) || isAsked(requests?.[name])))) return 'BestEffort';
  const isGuaranteed = holders.every(({ limits, requests }) => counted.every((name) => {
    const [limit, request] = [limits?.[name], requests?.[name] ?? limits?.[name]];
    return isAsked(limit) && isAsked(request) && compareQuantities(limit, request) === 0;
  }));
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}
