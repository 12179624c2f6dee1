/** Rules of where a webhook is called: by a URL or by a Service. Conversion webhooks of custom resources share them. */
import { dns1123SubdomainErrors, parseGoUrl, portNumberErrors } from '@kaji/schema';
import { invalid, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { ServiceReference, WebhookClientConfig } from './webhook-client-config.ts';

const form = '; desired format: https://host[/path]';

function urlErrors(text: string, path: string): FieldError[] {
  const url = parseGoUrl(text);
  if (typeof url === 'string') return [required(path, `url must be a valid URL: ${url}${form}`)];
  const { scheme, host, user, fragment, query } = url;
  return [
    ...(scheme === 'https' ? [] : [invalid(path, scheme, `'https' is the only allowed URL scheme${form}`)]),
    ...(host === '' ? [invalid(path, host, `host must be specified${form}`)] : []),
    ...(user === undefined ? [] : [invalid(path, user, 'user information is not permitted in the URL')]),
    ...(fragment === '' ? [] : [invalid(path, fragment, 'fragments are not permitted in the URL')]),
    ...(query === '' ? [] : [invalid(path, query, 'query parameters are not permitted in the URL')]),
  ];
}

function servicePathErrors(value: string, path: string): FieldError[] {
  if (value === '' || value === '/') return [];
  if (value === '//') return [invalid(path, value, 'segment[0] may not be empty')];
  const errors = value.startsWith('/') ? [] : [invalid(path, value, "must start with a '/'")];
  const steps = value.slice(1).replace(/\/$/, '').split('/');
  return [...errors, ...steps.flatMap((step, index) => {
    if (step === '') return [invalid(path, value, `segment[${index}] may not be empty`)];
    return dns1123SubdomainErrors(step).map((why) => invalid(path, value, `segment[${index}]: ${why}`));
  })];
}

function serviceErrors({ name, namespace, path: urlPath, port = 443 }: ServiceReference, path: string): FieldError[] {
  const portErrors = portNumberErrors(port);
  return [
    // Kubernetes: each of the two is reported as the other.
    ...(namespace === '' ? [required(`${path}.name`)] : []),
    ...(name === '' ? [required(`${path}.namespace`)] : []),
    ...(portErrors.length > 0 ? [invalid(`${path}.port`, port, `port is not valid: ${portErrors.join(', ')}`)] : []),
    ...(urlPath === undefined ? [] : servicePathErrors(urlPath, `${path}.path`)),
  ];
}

export function clientConfigErrors({ url, service }: WebhookClientConfig, path: string): FieldError[] {
  if ((url === undefined) === (service === undefined)) return [required(path, 'exactly one of url or service is required')];
  if (service !== undefined) return serviceErrors(service, `${path}.service`);
  return urlErrors(url ?? '', `${path}.url`);
}
