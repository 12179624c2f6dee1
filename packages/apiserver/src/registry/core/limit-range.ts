/** How limit ranges are written: one without a name gets one. */
import type { ApiObject } from '@kaji/api';
import { type Random, uuid } from '@kaji/base';
import type { Strategy } from '../strategy.ts';

export const limitRangeStrategy = (random: Random): Strategy<ApiObject> => ({
  createsOnUpdate: true,
  prepareForCreate({ metadata }) {
    if ((metadata.name ?? '') === '') metadata.name = uuid(random);
  },
});
