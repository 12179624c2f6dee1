/** Rules of what a pod as a whole asks for, beside what its containers ask for. */
import { compareQuantities, givenValue } from '@kaji/schema';
import { forbidden, invalid, notSupported } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { sumOfContainers } from './pod-defaults.ts';
import type { PodSpec } from './pod-spec.ts';
import { isHugePage, resourceNameErrors, validateRequirements } from './resource-rules.ts';

const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePage(name);

function podNameErrors(name: string, path: string): FieldError[] {
  const errors = resourceNameErrors(name, path);
  return errors.length > 0 || isPodLevel(name) ? errors : [notSupported(path, name, ['cpu', 'hugepages-', 'memory'])];
}

/** The pod asks for at least as much as its containers, and no container may use more than the pod. */
function sumErrors(spec: PodSpec, path: string): FieldError[] {
  const { limits = {}, requests = {} } = spec.resources ?? {};
  const errors: FieldError[] = [];
  for (const [name, sum] of Object.entries(sumOfContainers(spec, ({ resources }) => resources?.requests))) {
    const amount = requests[name];
    if (amount !== undefined && compareQuantities(sum, amount) > 0) errors.push(invalid(`${path}.requests[${name}]`, amount, `must be greater than or equal to aggregate container requests of ${sum}`));
  }
  for (const [name, sum] of Object.entries(sumOfContainers(spec, ({ resources }) => resources?.limits))) {
    const amount = limits[name];
    if (isHugePage(name) && amount !== undefined && compareQuantities(sum, amount) > 0) errors.push(invalid(`${path}.limits[${name}]`, amount, `must be greater than or equal to aggregate container limits of ${sum}`));
  }
  spec.containers.forEach(({ resources }, index) => {
    for (const [name, limit] of Object.entries(resources?.limits ?? {})) {
      const most = limits[name];
      if (most !== undefined && compareQuantities(limit, most) > 0) errors.push(invalid(`${path}.containers[${index}][${name}].limits`, limit, `must be less than or equal to pod limits of ${most}`));
    }
  });
  return errors;
}

export function validatePodResources(spec: PodSpec, path: string, claimNames: readonly string[], keepsHugePages: boolean): FieldError[] {
  const { resources, os } = spec;
  const at = `${path}.resources`;
  if (resources === undefined) return [];
  if (os?.name === 'windows') return [forbidden(at, 'may not be set for a windows pod')];
  return [
    ...(givenValue(resources, 'claims') === undefined ? [] : [forbidden(`${at}.claims`, 'claims may not be set for Resources at pod-level')]),
    ...validateRequirements(resources, at, { claimNames, nameErrors: podNameErrors, keepsHugePages }), ...sumErrors(spec, at),
  ];
}
