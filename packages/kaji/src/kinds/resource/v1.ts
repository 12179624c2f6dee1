export * from '@kaji/api/resource/v1';
