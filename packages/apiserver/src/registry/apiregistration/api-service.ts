/** How APIServices are written: those that this server answers itself are available at once. */
import type { ApiObject } from '@kaji/api';
import type { APIService } from '@kaji/api/apiregistration/v1';
import { localCondition } from '../../upkeep/api-service-status.ts';
import { keepGivenMetadata } from '../keep-metadata.ts';
import type { Strategy } from '../strategy.ts';

export const apiServiceStrategy: Strategy<APIService & ApiObject> = {
  requiresVersion: true,
  prepareForCreate(object, { nowMs }) {
    if (object.spec.service === undefined) object.status = { conditions: [localCondition(nowMs)] };
  },
  prepareForStatus: keepGivenMetadata,
};
