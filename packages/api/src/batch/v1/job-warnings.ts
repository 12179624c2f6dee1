/** What a Job, or the template of one, is warned of though it is accepted. */
import { isSameGeneration, podNameWarnings, type TemplateOwner, templateWarnings } from '../../core/v1/template-warnings.ts';
import type { JobSpec } from './job-spec.ts';

const manyCompletions = 100_000;
const manyAtOnce = 10_000;

export function jobWarnings({ completionMode, completions = 0, parallelism = 0, template }: JobSpec, path: string, owner: TemplateOwner): readonly string[] {
  if (isSameGeneration(owner)) return [];
  const isLarge = completionMode === 'Indexed' && completions > manyCompletions && parallelism > manyAtOnce;
  return [
    ...podNameWarnings(owner),
    ...(isLarge ? [`${path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`] : []),
    ...templateWarnings(template, `${path}.template`, owner),
  ];
}
