/** Refusals that name fields, as upstream words them. */
import { ApiError, type FieldError } from '@kaji/api';
import { goQuoted } from '@kaji/schema';

export interface KindName {
  readonly group: string;
  readonly kind: string;
}

/** Nobody reads more, and a message of all there can be would have a hundred megabytes. */
const errorLimit = 5000;

/** 422: `Pod "web" is invalid: spec.containers: Required value`. */
export function invalid(of: KindName, name: string, errors: readonly FieldError[]): ApiError {
  const told = errors.length > errorLimit ? errors.slice(0, errorLimit) : errors;
  const texts = [...new Set(told.map(({ field, message }) => `${field}: ${message}`))];
  const qualified = of.group === '' ? of.kind : `${of.kind}.${of.group}`;
  const details = { ...(name === '' ? {} : { name }), ...(of.group === '' ? {} : { group: of.group }), kind: of.kind };
  return new ApiError('Invalid', `${qualified} ${goQuoted(name)} is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`, {
    details: { ...details, causes: told.map(({ field, reason, message }) => ({ reason, message, field })) },
  });
}

export const notSupported = (field: string, value: string, allowed: readonly string[]): FieldError =>
  ({ field, reason: 'FieldValueNotSupported', message: `Unsupported value: ${value}: supported values: ${allowed.map((text) => `"${text}"`).join(', ')}` });

export const fieldForbidden = (field: string, why: string): FieldError => ({ field, reason: 'FieldValueForbidden', message: `Forbidden: ${why}` });

export const fieldInvalid = (field: string, value: unknown, why: string): FieldError => ({ field, reason: 'FieldValueInvalid', message: `Invalid value: ${typeof value === 'string' ? goQuoted(value) : JSON.stringify(value)}: ${why}` });

export const fieldRequired = (field: string, why = ''): FieldError => ({ field, reason: 'FieldValueRequired', message: why === '' ? 'Required value' : `Required value: ${why}` });

/** 500 that says it is the server's own fault. */
export const internalError = (message: string): ApiError => new ApiError('InternalError', `Internal error occurred: ${message}`, { details: { causes: [{ message }] } });

/** 500 with the text alone: upstream's plain errors. */
export const plainError = (message: string): ApiError => new ApiError('', message);
