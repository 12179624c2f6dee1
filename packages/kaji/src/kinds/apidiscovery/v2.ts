export * from '@kaji/api/apidiscovery/v2';
