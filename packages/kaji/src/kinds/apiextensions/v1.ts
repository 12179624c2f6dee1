export * from '@kaji/api/apiextensions/v1';
