export * from '@kaji/api/admissionregistration/v1';
