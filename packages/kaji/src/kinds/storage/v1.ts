export * from '@kaji/api/storage/v1';
