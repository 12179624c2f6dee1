export * from '@kaji/api/networking/v1';
