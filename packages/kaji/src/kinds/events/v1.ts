export * from '@kaji/api/events/v1';
