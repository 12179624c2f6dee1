import { int32, message, microTime, ref, string, time } from '@kaji/schema';
import { eventColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { ObjectReference } from './references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

/** Who told of an event. */
export class EventSource extends message('k8s.io.api.core.v1.EventSource', {
  /** Name of the component. */
  component: string(1),
  /** Node that it runs on. */
  host: string(2),
}) {}

/** An event that keeps happening. */
export class EventSeries extends message('k8s.io.api.core.v1.EventSeries', {
  /** How often it has happened. */
  count: int32(1),
  /** When it last happened. */
  lastObservedTime: microTime(2).always(),
}) {}

/** Something that happened to an object. Events are kept for a short time, and may be lost. */
export class Event extends message('k8s.io.api.core.v1.Event', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).required(),
  /** The object that it is about. */
  involvedObject: ref(2, ObjectReference).required(),
  /** Why it happened, as one word that programs can read. */
  reason: string(3),
  /** What happened, for people. */
  message: string(4),
  /** Who told of it. */
  source: ref(5, EventSource).always(),
  /** When it first happened. */
  firstTimestamp: time(6).always(),
  /** When it last happened. */
  lastTimestamp: time(7).always(),
  /** How often it has happened. */
  count: int32(8),
  /** Normal or Warning. */
  type: string(9),
  /** When it happened first, to the microsecond. */
  eventTime: microTime(10).always(),
  /** Set when it keeps happening. */
  series: ref(11, EventSeries),
  /** What was done, or not done. */
  action: string(12),
  /** Another object that it has to do with. */
  related: ref(13, ObjectReference),
  /** Name of the controller that told of it. */
  reportingComponent: string(14).always(),
  /** Which instance of that controller. */
  reportingInstance: string(15).always(),
}) {}

export const events = resource({
  group: '', version: 'v1', plural: 'events', singular: 'event', kind: 'Event', isNamespaced: true, type: Event,
  // The rules are the strategy's: they depend on the group through which an event is written.
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
    source: ({ source, reportingComponent }) => ((source?.component ?? '') === '' ? reportingComponent ?? '' : source?.component ?? ''),
    type: ({ type }) => type ?? '',
  },
  shortNames: ['ev'],
});
