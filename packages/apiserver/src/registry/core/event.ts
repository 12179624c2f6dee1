/** How events are written: by the rules of the group that is used, and gone by themselves after an hour. */
import type { ApiObject } from '@kaji/api';
import { type Event, validateEvent } from '@kaji/api/core/v1';
import type { Strategy } from '../strategy.ts';

export const eventStrategy: Strategy<Event & ApiObject> = {
  createsOnUpdate: true,
  ttlSeconds: 3600,
  isBackground: true,
  errors: (event, old, { group }) => validateEvent(event, old, group),
};
