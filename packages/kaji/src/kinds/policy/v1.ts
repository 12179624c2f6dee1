export * from '@kaji/api/policy/v1';
