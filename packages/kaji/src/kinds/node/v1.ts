export * from '@kaji/api/node/v1';
