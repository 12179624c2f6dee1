/** StatefulSets: how many of them may be replaced at once is a feature that is off. */
import type { ApiObject } from '@kaji/api';
import type { StatefulSet } from '@kaji/api/apps/v1';
import { dropUnservedFields } from '../core/unserved-fields.ts';
import type { Strategy } from '../strategy.ts';

type StatefulSetObject = StatefulSet & ApiObject;

function dropUnserved({ spec }: StatefulSetObject): void {
  dropUnservedFields(spec.template.spec);
  delete spec.updateStrategy?.rollingUpdate?.maxUnavailable;
}

export const statefulSetStrategy: Strategy<StatefulSetObject> = { hasGeneration: true, prepareForCreate: dropUnserved, prepareForUpdate: dropUnserved };
