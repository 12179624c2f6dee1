export * from '@kaji/api/core/v1';
