export * from '@kaji/api/apps/v1';
