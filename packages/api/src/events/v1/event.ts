import { int32, message, microTime, ref, string, time } from '@kaji/schema';
import { seriesEventColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { EventSource } from '../../core/v1/event.ts';
import { ObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

export class EventSeries extends message('k8s.io.api.events.v1.EventSeries', {
  count: int32(1).required(),
  lastObservedTime: microTime(2).required(),
}) {}

export class Event extends message('k8s.io.api.events.v1.Event', {
  metadata: ref(1, ObjectMeta).present(),
  eventTime: microTime(2).required(),
  series: ref(3, EventSeries),
  reportingController: string(4),
  reportingInstance: string(5),
  action: string(6),
  reason: string(7),
  regarding: ref(8, ObjectReference).always(),
  related: ref(9, ObjectReference),
  note: string(10),
  type: string(11),
  deprecatedSource: ref(12, EventSource).always(),
  deprecatedFirstTimestamp: time(13).always(),
  deprecatedLastTimestamp: time(14).always(),
  deprecatedCount: int32(15),
}) {}

export const events = resource({
  group: 'events.k8s.io', version: 'v1', plural: 'events', singular: 'event', kind: 'Event', isNamespaced: true, type: Event,
  nameErrors: segmentName,
  selectableFields: {
    'regarding.kind': ({ regarding }) => regarding?.kind ?? '',
    'regarding.namespace': ({ regarding }) => regarding?.namespace ?? '',
    'regarding.name': ({ regarding }) => regarding?.name ?? '',
    'regarding.uid': ({ regarding }) => regarding?.uid ?? '',
    'regarding.apiVersion': ({ regarding }) => regarding?.apiVersion ?? '',
    'regarding.resourceVersion': ({ regarding }) => regarding?.resourceVersion ?? '',
    'regarding.fieldPath': ({ regarding }) => regarding?.fieldPath ?? '',
    reason: ({ reason }) => reason ?? '',
    reportingController: ({ reportingController }) => reportingController ?? '',
    type: ({ type }) => type ?? '',
  },
  columns: seriesEventColumns,
  shortNames: ['ev'],
});
