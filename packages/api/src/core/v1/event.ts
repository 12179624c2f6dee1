import { int32, message, microTime, ref, string, time } from '@kaji/schema';
import { eventColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { validateEvent } from './event-rules.ts';
import { ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

export class EventSource extends message('k8s.io.api.core.v1.EventSource', {
  component: string(1),
  host: string(2),
}) {}

export class EventSeries extends message('k8s.io.api.core.v1.EventSeries', {
  count: int32(1),
  lastObservedTime: microTime(2).always(),
}) {}

export class Event extends message('k8s.io.api.core.v1.Event', {
  metadata: ref(1, ObjectMeta).required(),
  involvedObject: ref(2, ObjectReference).required(),
  reason: string(3),
  message: string(4),
  source: ref(5, EventSource).always(),
  firstTimestamp: time(6).always(),
  lastTimestamp: time(7).always(),
  count: int32(8),
  type: string(9),
  eventTime: microTime(10).always(),
  series: ref(11, EventSeries),
  action: string(12),
  related: ref(13, ObjectReference),
  reportingComponent: string(14).always(),
  reportingInstance: string(15).always(),
}) {}

export const events = resource({
  group: '', version: 'v1', plural: 'events', singular: 'event', kind: 'Event', isNamespaced: true, type: Event,
  validate: validateEvent,
  columns: eventColumns,
  nameErrors: segmentName,
  metadataChecks: { on: { create: [], update: [] } },
  selectableFields: {
    'involvedObject.kind': ({ involvedObject }) => involvedObject.kind ?? '',
    'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
    'involvedObject.name': ({ involvedObject }) => involvedObject.name ?? '',
    'involvedObject.uid': ({ involvedObject }) => involvedObject.uid ?? '',
    'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
    reason: ({ reason }) => reason ?? '',
    reportingComponent: ({ reportingComponent }) => reportingComponent ?? '',
    source: ({ source, reportingComponent }) => source?.component ?? reportingComponent ?? '',
    type: ({ type }) => type ?? '',
  },
  shortNames: ['ev'],
});
