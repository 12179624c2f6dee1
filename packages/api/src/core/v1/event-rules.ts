/** Rules of Events. Those written through the newer group have stricter ones, and cannot be changed but for their series. */
import { append } from '@kaji/base';
import { dns1123SubdomainErrors, isDeepEqual, qualifiedNameErrors } from '@kaji/schema';
import { immutable, immutableObject, invalid, invalidAll, required } from '../../field-error.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { validateFinalizerDomains, validateObjectMeta, validateObjectMetaUpdate } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import { type Event, EventSource } from './event.ts';
import { ObjectReference } from './references.ts';

const longest = 128;
const longestNote = 1024;
const bytes = (text: string): number => (text.length * 3 <= longest ? text.length : new TextEncoder().encode(text).length);

const limited = (path: string, text: string): FieldError[] => [...(text === '' ? [required(path)] : []), ...(bytes(text) > longest ? [invalid(path, '', `can have at most ${longest} characters`)] : [])];

function sharedErrors(event: Event, reporter: string): FieldError[] {
  const { metadata: { namespace = '' }, involvedObject, eventTime, reportingComponent = '', reportingInstance = '', action = '', reason = '', message = '' } = event;
  const about = involvedObject.namespace ?? '';
  const errors: FieldError[] = [];
  const elsewhere = invalid('involvedObject.namespace', about, 'does not match event.namespace');
  if (eventTime === undefined) {
    if (about === '' ? namespace !== '' && namespace !== 'default' : namespace !== about) errors.push(elsewhere);
  } else {
    if (about === '' && namespace !== 'default' && namespace !== 'kube-system') errors.push(elsewhere);
    if (reportingComponent === '') errors.push(required(reporter));
    append(errors, invalidAll(reporter, reportingComponent, qualifiedNameErrors(reportingComponent)), limited('reportingInstance', reportingInstance), limited('action', action), limited('reason', reason));
    if (bytes(message) > longestNote) errors.push(invalid('message', '', `can have at most ${longestNote} characters`));
  }
  return [...errors, ...invalidAll('namespace', namespace, dns1123SubdomainErrors(namespace))];
}

function seriesErrors({ series }: Event): FieldError[] {
  if (series === undefined) return [];
  return [...((series.count ?? 0) < 2 ? [invalid('series.count', '', 'should be at least 2')] : []), ...((series.lastObservedTime ?? '') === '' ? [required('series.lastObservedTime')] : [])];
}

const unset = (path: string, isUnset: boolean): FieldError[] => (isUnset ? [] : [invalid(path, '', 'needs to be unset')]);

function newErrors(event: Event): FieldError[] {
  const { metadata, eventTime, type = '', firstTimestamp, lastTimestamp, count = 0, source = {} } = event;
  return [
    ...validateObjectMeta(metadata, { isNamespaced: true, nameErrors: subdomainName }), ...validateFinalizerDomains(metadata.finalizers, 'metadata.finalizers'), ...seriesErrors(event),
    ...(eventTime === undefined ? [required('eventTime')] : []), ...(type === 'Normal' || type === 'Warning' ? [] : [invalid('type', '', `has invalid value: ${type}`)]),
    ...unset('firstTimestamp', firstTimestamp === undefined), ...unset('lastTimestamp', lastTimestamp === undefined), ...unset('count', count === 0),
    ...unset('source', (source.component ?? '') === '' && (source.host ?? '') === ''),
  ];
}

function changeErrors(event: Event, old: Event): FieldError[] {
  const kept = (name: 'reason' | 'message' | 'type' | 'action' | 'reportingInstance'): FieldError[] => immutable(name, event[name] ?? '', old[name] ?? '');
  return [
    ...validateObjectMetaUpdate(event.metadata, old.metadata), ...validateFinalizerDomains(event.metadata.finalizers, 'metadata.finalizers'),
    ...(isDeepEqual(event.series, old.series) ? [] : seriesErrors(event)),
    ...immutableObject('involvedObject', ObjectReference, event.involvedObject, old.involvedObject), ...kept('reason'), ...kept('message'),
    ...immutableObject('source', EventSource, event.source ?? {}, old.source ?? {}), ...immutable('firstTimestamp', event.firstTimestamp, old.firstTimestamp),
    // Kubernetes: the reason is compared twice.
    ...immutable('lastTimestamp', event.lastTimestamp, old.lastTimestamp), ...immutable('count', event.count ?? 0, old.count ?? 0), ...kept('reason'), ...kept('type'),
    ...immutable('eventTime', event.eventTime, old.eventTime), ...kept('action'),
    ...immutableObject('related', ObjectReference, event.related, old.related), ...immutable('reportingController', event.reportingComponent ?? '', old.reportingComponent ?? ''), ...kept('reportingInstance'),
  ];
}

/** `group` is the one through which the event is written. */
export function validateEvent(event: Event, old: Event | undefined, group: string): FieldError[] {
  if (group === '') return sharedErrors(event, 'reportingComponent');
  return [...sharedErrors(event, 'reportingController'), ...(old === undefined ? newErrors(event) : changeErrors(event, old))];
}
