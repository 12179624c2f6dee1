/** From metav1.Status, as an answer's body or a watch's ERROR event carries it, to the ApiError it stands for. */
import { ApiError, type Cause, type Reason, type StatusDetails } from '@kaji/api';

interface StatusBody {
  readonly kind?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: StatusDetails & { readonly causes?: readonly Cause[] };
}

const reasonsByCode: Readonly<Record<number, Reason>> = {
  400: 'BadRequest', 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 405: 'MethodNotAllowed', 406: 'NotAcceptable', 409: 'Conflict', 410: 'Gone',
  413: 'RequestEntityTooLarge', 415: 'UnsupportedMediaType', 422: 'Invalid', 429: 'TooManyRequests', 500: 'InternalError', 503: 'ServiceUnavailable', 504: 'Timeout',
};

/** The error a Status object says. */
export function errorOfStatus(status: unknown, httpStatus: number): ApiError {
  // Decoded JSON: every member is checked or optional before use.
  const body = (typeof status === 'object' && status !== null ? status : {}) as StatusBody;
  const code = body.code ?? httpStatus;
  // A reason this client does not know travels on as text; its code is given, so nothing is looked up by it.
  const reason = (body.reason ?? reasonsByCode[code] ?? '') as Reason | '';
  const message = body.message ?? `the server answered with the status code ${code}`;
  return new ApiError(reason, message, { code, ...(body.details === undefined ? {} : { details: body.details }) });
}

/** The error of an answer that is no success: its Status, or its text where a proxy in between answered. */
export function errorOfAnswer(httpStatus: number, body: Uint8Array): ApiError {
  const text = new TextDecoder().decode(body);
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && (parsed as StatusBody).kind === 'Status') return errorOfStatus(parsed, httpStatus);
  } catch {
    // Not JSON: the text is all there is to say.
  }
  const trimmed = text.trim().slice(0, 2048);
  return errorOfStatus(trimmed === '' ? {} : { message: trimmed }, httpStatus);
}
