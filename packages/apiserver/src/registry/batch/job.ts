/** Jobs: a selector of their own, by labels that name the job's uid. */
import type { ApiObject } from '@kaji/api';
import type { Job } from '@kaji/api/batch/v1';
import { dropUnservedFields } from '../core/unserved-fields.ts';
import type { Strategy } from '../strategy.ts';

type JobObject = Job & ApiObject;

export const jobStrategy: Strategy<JobObject> = {
  hasGeneration: true,
  orphansByDefault: true,
  orphaningWarning: 'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  prepareForCreate(job) {
    if (job.spec.manualSelector !== true) generateSelector(job);
    dropUnservedFields(job.spec.template.spec);
  },
  prepareForUpdate: (job) => { dropUnservedFields(job.spec.template.spec); },
  // Kubernetes: a job without labels of its own shows its template's, though its rules did not see them there.
  canonicalize({ metadata, spec }) {
    const labels = spec.template.metadata?.labels;
    if (labels !== undefined) metadata.labels ??= { ...labels };
  },
};

/** Kubernetes: each label is there twice, with and without its prefix. The labels that a job took from its template by default are the very same: they grow, too. */
function generateSelector(job: JobObject): void {
  const { metadata, spec } = job;
  const { uid = '', name = '' } = metadata;
  const template = spec.template.metadata ?? {};
  const isShared = metadata.labels !== undefined && metadata.labels === template.labels;
  const labels = { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': name, 'controller-uid': uid, 'job-name': name };
  spec.template.metadata = { ...template, labels: { ...labels, ...template.labels } };
  if (isShared) metadata.labels = { ...spec.template.metadata.labels };
  const selector = spec.selector ?? {};
  spec.selector = { ...selector, matchLabels: { 'batch.kubernetes.io/controller-uid': uid, ...selector.matchLabels } };
}
