export * from '@kaji/api/autoscaling/v1';
