/** Rules of probes and life-cycle hooks. */
import { append } from '@kaji/base';
import { headerNameErrors, portNameErrors, portNumberErrors } from '@kaji/schema';
import { forbidden, invalid, invalidAll, nonNegative, notSupported, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { Container, HTTPGetAction, Lifecycle, LifecycleHandler, Probe, ProbeHandler } from './container.ts';

export const portErrors = (path: string, port: number | string | undefined): FieldError[] =>
  (typeof port === 'string' ? invalidAll(path, port, portNameErrors(port)) : invalidAll(path, port ?? 0, portNumberErrors(port ?? 0)));

function httpErrors({ path: urlPath, port, scheme, httpHeaders = [] }: HTTPGetAction, path: string): FieldError[] {
  return [
    ...(urlPath === undefined || urlPath === '' ? [required(`${path}.path`)] : []),
    ...portErrors(`${path}.port`, port),
    ...(scheme === 'HTTP' || scheme === 'HTTPS' ? [] : [notSupported(`${path}.scheme`, scheme ?? '', ['HTTP', 'HTTPS'])]),
    ...httpHeaders.flatMap(({ name }) => invalidAll(`${path}.httpHeaders`, name, headerNameErrors(name))),
  ];
}

function handlerErrors(handler: ProbeHandler & LifecycleHandler, path: string, gracePeriodSeconds: number): FieldError[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  const kinds: readonly (readonly [string, (() => FieldError[]) | undefined])[] = [
    ['exec', exec && (() => ((exec.command ?? []).length === 0 ? [required(`${path}.exec.command`)] : []))],
    ['httpGet', httpGet && (() => httpErrors(httpGet, `${path}.httpGet`))],
    ['tcpSocket', tcpSocket && (() => portErrors(`${path}.tcpSocket.port`, tcpSocket.port))],
    ['grpc', grpc && (() => portErrors(`${path}.grpc.port`, grpc.port))],
    ['sleep', sleep && (() => (sleep.seconds < 0 || sleep.seconds > gracePeriodSeconds ? [invalid(`${path}.sleep`, sleep.seconds, `must be non-negative and less than terminationGracePeriodSeconds (${gracePeriodSeconds})`)] : []))],
  ];
  const errors: FieldError[] = [];
  let count = 0;
  for (const [name, check] of kinds) {
    if (check === undefined) continue;
    if (count++ > 0) errors.push(forbidden(`${path}.${name}`, 'may not specify more than 1 handler type'));
    else append(errors, check());
  }
  return count === 0 ? [required(path, 'must specify a handler type')] : errors;
}

function probeErrors(probe: Probe, path: string, gracePeriodSeconds: number): FieldError[] {
  const { terminationGracePeriodSeconds: grace } = probe;
  return [
    ...handlerErrors(probe, path, gracePeriodSeconds),
    ...(['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'] as const).flatMap((name) => nonNegative(`${path}.${name}`, probe[name])),
    ...(grace !== undefined && grace <= 0 ? [invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0')] : []),
  ];
}

const onceErrors = ({ successThreshold }: Probe, path: string): FieldError[] => (successThreshold === 1 ? [] : [invalid(`${path}.successThreshold`, successThreshold ?? 0, 'must be 1')]);

export function validateProbes({ livenessProbe, readinessProbe, startupProbe }: Container, path: string, gracePeriodSeconds: number): FieldError[] {
  const errors: FieldError[] = [];
  if (livenessProbe !== undefined) append(errors, probeErrors(livenessProbe, `${path}.livenessProbe`, gracePeriodSeconds), onceErrors(livenessProbe, `${path}.livenessProbe`));
  if (readinessProbe !== undefined) {
    append(errors, probeErrors(readinessProbe, `${path}.readinessProbe`, gracePeriodSeconds));
    const grace = readinessProbe.terminationGracePeriodSeconds;
    if (grace !== undefined) errors.push(invalid(`${path}.readinessProbe.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes'));
  }
  if (startupProbe !== undefined) append(errors, probeErrors(startupProbe, `${path}.startupProbe`, gracePeriodSeconds), onceErrors(startupProbe, `${path}.startupProbe`));
  return errors;
}

export function validateLifecycle(lifecycle: Lifecycle | undefined, path: string, gracePeriodSeconds: number): FieldError[] {
  if (lifecycle === undefined) return [];
  const { postStart, preStop } = lifecycle;
  return [
    ...(postStart === undefined ? [] : handlerErrors(postStart, `${path}.postStart`, gracePeriodSeconds)),
    ...(preStop === undefined ? [] : handlerErrors(preStop, `${path}.preStop`, gracePeriodSeconds)),
  ];
}
