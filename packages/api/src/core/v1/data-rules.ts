/** Rules of ConfigMaps and Secrets. */
import { append } from '@kaji/base';
import { configMapKeyErrors, DecodeError, givenValue, isDeepEqual, parseJson } from '@kaji/schema';
import { errorsOf, forbidden, invalid, invalidAll, required, tooLong } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { ConfigMap } from './config-map.ts';
import type { Secret } from './secret.ts';

const limitBytes = 1024 * 1024;
const encoder = new TextEncoder();

const textSize = (text: string): number => (/^\p{ASCII}*$/u.test(text) ? text.length : encoder.encode(text).length);
const base64Size = (text: string): number => (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
const sum = (values: readonly string[], size: (text: string) => number): number => values.reduce((total, value) => total + size(value), 0);
function keyErrors(path: string, key: string): readonly FieldError[] {
  const wrong = configMapKeyErrors(key);
  return wrong.length === 0 ? [] : invalidAll(`${path}[${key}]`, key, wrong);
}

const keysErrors = (path: string, keys: readonly string[]): FieldError[] => errorsOf(keys, (key) => keyErrors(path, key));

const frozen = 'field is immutable when `immutable` is set';

export function validateConfigMap(map: ConfigMap, old: ConfigMap | undefined): FieldError[] {
  const { data = {}, binaryData = {}, immutable } = map;
  const errors: FieldError[] = [];
  if (old?.immutable === true) {
    if (immutable !== true) errors.push(forbidden('immutable', frozen));
    if (!isDeepEqual(data, old.data ?? {})) errors.push(forbidden('data', frozen));
    // Kubernetes: what was stored is never empty but nil, and this comparison tells the two apart; data always are there.
    if (!isDeepEqual(givenValue(map, 'binaryData'), old.binaryData)) errors.push(forbidden('binaryData', frozen));
  }
  append(errors, errorsOf(Object.keys(data), (key) => {
    const own = keyErrors('data', key);
    return Object.hasOwn(binaryData, key) ? [...own, invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')] : own;
  }));
  append(errors, keysErrors('binaryData', Object.keys(binaryData)));
  // Kubernetes: this field has no path, and prints as an empty list.
  if (sum(Object.values(data), textSize) + sum(Object.values(binaryData), base64Size) > limitBytes) errors.push(tooLong('[]', limitBytes));
  return errors;
}

function jsonErrors(data: Readonly<Record<string, string>>, key: string): FieldError[] {
  const content = data[key];
  if (content === undefined) return [required(`data[${key}]`)];
  const wrong = (why: string): FieldError[] => [invalid(`data[${key}]`, '<secret contents redacted>', why)];
  try {
    const { value } = parseJson(Uint8Array.fromBase64(content));
    if (value === null || (typeof value === 'object' && !Array.isArray(value))) return [];
    return wrong(`json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value} into Go value of type map[string]interface {}`);
  } catch (error) {
    if (error instanceof DecodeError) return wrong(error.message);
    throw error;
  }
}

function typeErrors({ type, data = {}, metadata }: Secret): FieldError[] {
  const missing = (...keys: readonly string[]): FieldError[] => keys.filter((key) => data[key] === undefined).map((key) => required(`data[${key}]`));
  switch (type) {
    case 'kubernetes.io/service-account-token': {
      const name = 'kubernetes.io/service-account.name';
      return (metadata.annotations?.[name] ?? '') === '' ? [required(`metadata.annotations[${name}]`)] : [];
    }
    case 'kubernetes.io/dockercfg': return jsonErrors(data, '.dockercfg');
    case 'kubernetes.io/dockerconfigjson': return jsonErrors(data, '.dockerconfigjson');
    case 'kubernetes.io/basic-auth': {
      const errors = missing('username', 'password');
      return errors.length === 2 ? errors : [];
    }
    case 'kubernetes.io/ssh-auth': return (data['ssh-privatekey'] ?? '') === '' ? [required('data[ssh-privatekey]')] : [];
    case 'kubernetes.io/tls': return missing('tls.crt', 'tls.key');
    default: return [];
  }
}

export function validateSecret(secret: Secret, old: Secret | undefined): FieldError[] {
  const { data = {}, type, immutable } = secret;
  const errors: FieldError[] = [];
  if (old !== undefined && type !== old.type) errors.push(invalid('type', type ?? '', 'field is immutable'));
  if (old?.immutable === true) {
    if (immutable !== true) errors.push(forbidden('immutable', frozen));
    if (!isDeepEqual(givenValue(secret, 'data'), old.data)) errors.push(forbidden('data', frozen));
  }
  append(errors, keysErrors('data', Object.keys(data)));
  if (sum(Object.values(data), base64Size) > limitBytes) errors.push(tooLong('data', limitBytes));
  return [...errors, ...typeErrors(secret)];
}
