export * from '@kaji/api/certificates/v1';
