export * from '@kaji/api/batch/v1';
