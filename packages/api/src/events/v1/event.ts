import { int32, message, microTime, ref, string, time } from '@kaji/schema';
import { seriesEventColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { EventSource } from '../../core/v1/event.ts';
import { ObjectReference } from '../../core/v1/references.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

/** An event that keeps happening. */
export class EventSeries extends message('k8s.io.api.events.v1.EventSeries', {
  /** How often it has happened, at least 2. */
  count: int32(1).required(),
  /** When it last happened. */
  lastObservedTime: microTime(2).required(),
}) {}

/** Something that happened to an object. Events are kept for a short time, and may be lost. */
export class Event extends message('k8s.io.api.events.v1.Event', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** When it first happened. Required. */
  eventTime: microTime(2).required(),
  /** Set when it keeps happening. */
  series: ref(3, EventSeries),
  /** Name of the controller that tells of it. It cannot be changed. */
  reportingController: string(4),
  /** Which instance of that controller. It cannot be changed. */
  reportingInstance: string(5),
  /** What was done, or not done. At most 128 bytes; it cannot be changed. */
  action: string(6),
  /** Why, as one word that programs can read. At most 128 bytes; it cannot be changed. */
  reason: string(7),
  /** The object that it is about. */
  regarding: ref(8, ObjectReference).always(),
  /** Another object that it has to do with. */
  related: ref(9, ObjectReference),
  /** What happened, for people. Shorter than 1 kB. */
  note: string(10),
  /** Normal or Warning. It cannot be changed. */
  type: string(11),
  /** What core events have as source. */
  deprecatedSource: ref(12, EventSource).always(),
  /** What core events have as firstTimestamp. */
  deprecatedFirstTimestamp: time(13).always(),
  /** What core events have as lastTimestamp. */
  deprecatedLastTimestamp: time(14).always(),
  /** What core events have as count. */
  deprecatedCount: int32(15),
}) {}

export const events = resource({
  group: 'events.k8s.io', version: 'v1', plural: 'events', singular: 'event', kind: 'Event', isNamespaced: true, type: Event,
  nameErrors: segmentName,
  storedFields: {
    'regarding.kind': 'involvedObject.kind',
    'regarding.namespace': 'involvedObject.namespace',
    'regarding.name': 'involvedObject.name',
    'regarding.uid': 'involvedObject.uid',
    'regarding.apiVersion': 'involvedObject.apiVersion',
    'regarding.resourceVersion': 'involvedObject.resourceVersion',
    'regarding.fieldPath': 'involvedObject.fieldPath',
    reason: 'reason',
    reportingController: 'reportingComponent',
    type: 'type',
  },
  columns: seriesEventColumns,
  shortNames: ['ev'],
});
