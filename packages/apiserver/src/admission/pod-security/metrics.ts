// What is counted of pod security, under upstream's names. The mode audit shows nowhere else.
import type { Runtime } from '@kaji/base';
import { kubernetesVersion } from '../../discovery/version.ts';
import type { Attempt } from '../admission.ts';
import type { LevelVersion, modes } from './policy.ts';

const requestLabels = ['request_operation', 'resource', 'subresource'] as const;
const evaluations = { name: 'pod_security_evaluations_total', help: 'Policies evaluated, those of ignored and exempt requests apart.', labels: ['decision', 'mode', 'policy_level', 'policy_version', ...requestLabels] } as const;
const exemptions = { name: 'pod_security_exemptions_total', help: 'Requests that were not judged because their user, namespace or runtime class is exempt.', labels: requestLabels } as const;
const errors = { name: 'pod_security_errors_total', help: 'Namespaces whose labels could not be read or that were gone. Where it was not fatal, the strictest reading held.', labels: ['fatal', ...requestLabels] } as const;

/** The newest version of the policy that this server knows; what is asked for beyond it counts as one. */
const knownMinor = Number(kubernetesVersion.split('.')[1]);

export interface PodSecurityCounters {
  evaluated(attempt: Attempt, mode: (typeof modes)[number], policy: LevelVersion, isAllowed: boolean): void;
  exempted(attempt: Attempt): void;
  failed(attempt: Attempt, isFatal: boolean): void;
}

export function podSecurityCounters({ metrics }: Runtime): PodSecurityCounters {
  const [evaluated, exempted, failed] = [metrics.counter(evaluations), metrics.counter(exemptions), metrics.counter(errors)];
  const of = ({ operation, resource: { group, plural }, subresource }: Attempt) => ({
    request_operation: operation.toLowerCase(), resource: group !== '' ? 'controller' : plural === 'pods' ? 'pod' : plural === 'namespaces' ? 'namespace' : 'controller', subresource,
  });
  return {
    evaluated: (attempt, mode, { level, version }, isAllowed) => {
      const isLatest = version === 'latest' || level === 'privileged';
      const shown = isLatest ? 'latest' : Number(version.slice('v1.'.length)) > knownMinor ? 'future' : version;
      evaluated.add({ ...of(attempt), decision: isAllowed ? 'allow' : 'deny', mode, policy_level: level, policy_version: shown });
    },
    exempted: (attempt) => { exempted.add(of(attempt)); },
    failed: (attempt, isFatal) => { failed.add({ ...of(attempt), fatal: String(isFatal) }); },
  };
}
