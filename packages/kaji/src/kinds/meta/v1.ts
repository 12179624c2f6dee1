export * from '@kaji/api/meta/v1';
