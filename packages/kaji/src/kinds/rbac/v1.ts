export * from '@kaji/api/rbac/v1';
