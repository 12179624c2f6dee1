export * from '@kaji/api/authorization/v1';
