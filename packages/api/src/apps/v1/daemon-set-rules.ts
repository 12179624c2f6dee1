/** Rules of DaemonSets. */
import { validatePodTemplate } from '../../core/v1/pod-rules.ts';
import { invalid, nonNegative, notSupported, required } from '../../field-error.ts';
import { immutableSelector, validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { DaemonSet } from './daemon-set.ts';
import { amountErrors, amountOf, collisionErrors, compiledSelector, emptySelectorErrors, lastingErrors, matchErrors, negativeCounts, shareErrors, shownRollout } from './workload-rules.ts';

function strategyErrors({ updateStrategy }: DaemonSet['spec']): FieldError[] {
  const path = 'spec.updateStrategy';
  const rolling = updateStrategy?.rollingUpdate;
  switch (updateStrategy?.type) {
    case 'OnDelete': return [];
    case 'RollingUpdate': {
      if (rolling === undefined) return [required(`${path}.rollingUpdate`)];
      const { maxUnavailable, maxSurge } = rolling;
      const at = `${path}.rollingUpdate`;
      const [hasUnavailable, hasSurge] = [amountOf(maxUnavailable) !== 0, amountOf(maxSurge) !== 0];
      return [
        ...amountErrors(`${at}.maxUnavailable`, maxUnavailable), ...amountErrors(`${at}.maxSurge`, maxSurge), ...shareErrors(`${at}.maxUnavailable`, maxUnavailable), ...shareErrors(`${at}.maxSurge`, maxSurge),
        ...(hasUnavailable && hasSurge ? [invalid(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero')] : []),
        ...(!hasUnavailable && !hasSurge ? [required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')] : []),
      ];
    }
    default: return [notSupported(path, { Type: updateStrategy?.type ?? '', RollingUpdate: shownRollout(rolling) }, ['RollingUpdate', 'OnDelete'])];
  }
}

export function validateDaemonSet({ spec }: DaemonSet, old: DaemonSet | undefined): FieldError[] {
  const { selector, template } = spec;
  const selected = compiledSelector(selector);
  return [
    ...(old === undefined ? [] : immutableSelector('spec.selector', selector, old.spec.selector)),
    ...validateLabelSelector(selector, 'spec.selector'), ...(selected === undefined ? [] : matchErrors(template, selected)), ...emptySelectorErrors(selector, 'daemonset'),
    ...validatePodTemplate(template, 'spec.template', old?.spec.template), ...lastingErrors(template, 'DaemonSet'),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds), ...strategyErrors(spec), ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
  ];
}

const counts = ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady', 'observedGeneration', 'updatedNumberScheduled', 'numberAvailable', 'numberUnavailable', 'collisionCount'] as const;

export const validateDaemonSetStatus = ({ status }: DaemonSet, old: DaemonSet): FieldError[] => [...(status === undefined ? [] : negativeCounts(status, counts)), ...collisionErrors(status, old.status)];
