/** Strategies of kinds that make pods from a template: what is wanted is counted, and templates lose what pods would lose. */
import type { ApiObject } from '@kaji/api';
import type { PodTemplateSpec } from '@kaji/api/core/v1';
import type { Strategy } from '../strategy.ts';
import { dropUnservedFields } from './unserved-fields.ts';

export function templatedStrategy<T extends ApiObject>(templateOf: (object: T) => PodTemplateSpec | undefined): Strategy<T> {
  const drop = (object: T): void => { dropUnservedFields(templateOf(object)?.spec); };
  return { hasGeneration: true, prepareForCreate: drop, prepareForUpdate: drop };
}
