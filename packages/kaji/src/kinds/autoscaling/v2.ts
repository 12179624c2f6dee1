export * from '@kaji/api/autoscaling/v2';
