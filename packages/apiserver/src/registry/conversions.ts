/** Kinds that are served in one version and stored in another. */
import { type AnyResource, type ApiObject, apiVersionOf, type GroupVersionKind } from '@kaji/api';
import { type Event as CoreEvent, events as coreEvents } from '@kaji/api/core/v1';
import { type Event as NewEvent, events as newEvents } from '@kaji/api/events/v1';
import { horizontalpodautoscalers as oldAutoscalers } from '@kaji/api/autoscaling/v1';
import { horizontalpodautoscalers as newAutoscalers } from '@kaji/api/autoscaling/v2';
import { autoscalerConversion } from './autoscaling/horizontal-pod-autoscaler.ts';
import type { Conversion } from './served.ts';

export interface Converted {
  readonly resource: AnyResource;
  readonly stored: AnyResource;
  readonly conversion: Conversion;
}

/** Kubernetes: both groups show the same events; those of the newer group are renamed fields of the older. */
const events: Conversion = {
  fromStored(object) {
    const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, reportingComponent, ...rest } = object as CoreEvent & ApiObject; // the cache of events holds events
    return {
      ...rest, regarding: involvedObject, ...(message === undefined ? {} : { note: message }),
      deprecatedSource: source, deprecatedFirstTimestamp: firstTimestamp, deprecatedLastTimestamp: lastTimestamp, ...(count === undefined ? {} : { deprecatedCount: count }),
      ...((reportingComponent ?? '') === '' ? {} : { reportingController: reportingComponent }),
    } as NewEvent & ApiObject;
  },
  toStored(object) {
    const { regarding, note, deprecatedSource, deprecatedFirstTimestamp, deprecatedLastTimestamp, deprecatedCount, reportingController, eventTime, ...rest } = object as NewEvent & ApiObject; // decoded as such
    return {
      // Events of the older group have no time of their own.
      ...rest, ...(eventTime === '' ? {} : { eventTime }), involvedObject: regarding ?? {}, ...(note === undefined ? {} : { message: note }),
      source: deprecatedSource, firstTimestamp: deprecatedFirstTimestamp, lastTimestamp: deprecatedLastTimestamp, ...(deprecatedCount === undefined ? {} : { count: deprecatedCount }),
      reportingComponent: reportingController ?? '', reportingInstance: rest.reportingInstance ?? '',
    } as CoreEvent & ApiObject;
  },
};

export const conversions: readonly Converted[] = [
  { resource: newEvents, stored: coreEvents, conversion: events },
  { resource: oldAutoscalers, stored: newAutoscalers, conversion: autoscalerConversion },
];

/** In which other versions the same kind is served. */
export function otherVersionsOf({ group, version, kind }: GroupVersionKind): readonly string[] {
  const own = apiVersionOf({ group, version });
  const family = conversions.map(({ resource, stored }) => [resource, stored]).filter((pair) => pair.some((each) => each.kind === kind && apiVersionOf(each) === own));
  return family.flat().map(apiVersionOf).filter((apiVersion) => apiVersion !== own);
}
