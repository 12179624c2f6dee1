export * from '@kaji/api/coordination/v1';
