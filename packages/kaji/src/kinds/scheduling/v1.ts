export * from '@kaji/api/scheduling/v1';
