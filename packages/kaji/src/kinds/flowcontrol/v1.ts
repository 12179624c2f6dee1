export * from '@kaji/api/flowcontrol/v1';
