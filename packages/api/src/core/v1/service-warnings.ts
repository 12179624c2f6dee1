/** What a Service is warned of though it is accepted. */
import { cidrWarnings, ipWarnings } from '../../ip-warnings.ts';
import type { Service } from './service.ts';

export function serviceWarnings({ metadata, spec }: Service): readonly string[] {
  const { type, clusterIP = '', clusterIPs = [], externalIPs = [], externalName = '', loadBalancerIP = '', loadBalancerSourceRanges = [], sessionAffinity, trafficDistribution } = spec;
  const isHeadless = type === 'ClusterIP' && clusterIP === 'None';
  const isExternalName = type === 'ExternalName';
  const when = (is: boolean, ...texts: readonly string[]): readonly string[] => (is ? texts : []);
  const hasExternal = externalIPs.length > 0;
  return [
    ...when(metadata.annotations?.['service.kubernetes.io/topology-aware-hints'] !== undefined, 'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead'),
    ...(clusterIP === '' || clusterIP === 'None' ? [] : clusterIPs.flatMap((address, index) => ipWarnings(`spec.clusterIPs[${index}]`, address))),
    ...when(isHeadless && loadBalancerIP !== '', 'spec.loadBalancerIP is ignored for headless services'), ...when(isHeadless && hasExternal, 'spec.externalIPs is ignored for headless services'),
    ...when(isHeadless && sessionAffinity !== 'None', 'spec.SessionAffinity is ignored for headless services'),
    ...externalIPs.flatMap((address, index) => ipWarnings(`spec.externalIPs[${index}]`, address)),
    ...when(hasExternal && !isHeadless && !isExternalName, 'spec.externalIPs is deprecated and may no longer be implemented in some clusters'),
    ...ipWarnings('spec.loadBalancerIP', loadBalancerIP), ...loadBalancerSourceRanges.flatMap((range, index) => cidrWarnings(`spec.loadBalancerSourceRanges[${index}]`, range)),
    ...when(isExternalName && hasExternal, 'spec.externalIPs is ignored when spec.type is "ExternalName"'), ...when(!isExternalName && externalName !== '', 'spec.externalName is ignored when spec.type is not "ExternalName"'),
    ...when(trafficDistribution === 'PreferClose', 'spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'),
  ];
}

export const serviceStatusWarnings = ({ status }: Service): readonly string[] => (status?.loadBalancer?.ingress ?? []).flatMap(({ ip = '' }, index) => ipWarnings(`status.loadBalancer.ingress[${index}]`, ip));
