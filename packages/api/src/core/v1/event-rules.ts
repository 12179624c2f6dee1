import { dns1123SubdomainErrors, isDeepEqual, qualifiedNameErrors } from '@kaji/schema';
import { invalid, invalidAll, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { Event } from './event.ts';

const limited = (path: string, text: string, most: number): FieldError[] => [...(text === '' ? [required(path)] : []), ...(text.length > most ? [invalid(path, '', `can have at most ${most} characters`)] : [])];

/** Events with a time of their own (the newer group's) have stricter rules than those that only count. */
export function validateEvent(event: Event, old: Event | undefined): FieldError[] {
  const { metadata: { namespace = '' }, involvedObject, eventTime, reportingComponent = '', reportingInstance = '', action = '', reason = '', message = '' } = event;
  const about = involvedObject.namespace ?? '';
  const errors: FieldError[] = [];
  const elsewhere = invalid('involvedObject.namespace', about, 'does not match event.namespace');
  if (eventTime === undefined) {
    if (about === '' ? namespace !== '' && namespace !== 'default' : namespace !== about) errors.push(elsewhere);
  } else {
    if (about === '' && namespace !== 'default' && namespace !== 'kube-system') errors.push(elsewhere);
    if (reportingComponent === '') errors.push(required('reportingController'));
    errors.push(...invalidAll('reportingController', reportingComponent, qualifiedNameErrors(reportingComponent)), ...limited('reportingInstance', reportingInstance, 128), ...limited('action', action, 128), ...limited('reason', reason, 128));
    if (message.length > 1024) errors.push(invalid('message', '', 'can have at most 1024 characters'));
  }
  errors.push(...invalidAll('namespace', namespace, dns1123SubdomainErrors(namespace)));
  if (old !== undefined && eventTime !== undefined && !isDeepEqual(involvedObject, old.involvedObject)) errors.push(invalid('involvedObject', involvedObject, 'field is immutable'));
  return errors;
}
