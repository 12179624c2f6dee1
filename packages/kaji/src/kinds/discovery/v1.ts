export * from '@kaji/api/discovery/v1';
