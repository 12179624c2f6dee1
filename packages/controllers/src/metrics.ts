/** What the runner counts, under upstream's names. */
export const metrics = {
  depth: { name: 'workqueue_depth', help: 'Current depth of workqueue', labels: ['name'] },
  retries: { name: 'workqueue_retries_total', help: 'Total number of retries handled by workqueue', labels: ['name'] },
  duration: { name: 'workqueue_work_duration_seconds', help: 'How long in seconds processing an item from workqueue takes.', labels: ['name'], buckets: [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10] },
  panics: { name: 'controller_panics_total', help: 'Reconciles that failed an assertion', labels: ['name'] },
} as const;
