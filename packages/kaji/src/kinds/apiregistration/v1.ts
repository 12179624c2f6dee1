export * from '@kaji/api/apiregistration/v1';
