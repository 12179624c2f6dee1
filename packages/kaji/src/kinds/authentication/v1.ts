export * from '@kaji/api/authentication/v1';
