import { goQuoted } from '@kaji/schema';

/** Reasons of metav1.Status and the HTTP status each travels with. */
const codes = {
  BadRequest: 400, Unauthorized: 401, Forbidden: 403, NotFound: 404, MethodNotAllowed: 405, NotAcceptable: 406, AlreadyExists: 409, Conflict: 409,
  Gone: 410, Expired: 410, RequestEntityTooLarge: 413, UnsupportedMediaType: 415, Invalid: 422, TooManyRequests: 429, InternalError: 500,
  ServiceUnavailable: 503, Timeout: 504, ServerTimeout: 500, NamespaceTerminating: 403,
} as const;

export type Reason = keyof typeof codes;

export interface Cause {
  readonly field?: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

export interface ApiErrorOptions {
  readonly details?: StatusDetails;
  /** Where it differs from the reason's own. */
  readonly code?: number;
  /** The token with which a list that is too old may go on, in the answer's own metadata. */
  readonly continue?: string;
  /** What led to it; kept for logs, never sent. */
  readonly cause?: unknown;
}

/** metav1.Status in flight: the only error class that crosses packages. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Empty where upstream sends none (plain 500s). */
  readonly reason: Reason | '';
  readonly code: number;
  readonly details: StatusDetails | undefined;
  readonly continue: string | undefined;

  constructor(reason: Reason | '', message: string, options: ApiErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.code = options.code ?? (reason === '' ? 500 : codes[reason]);
    this.details = options.details;
    this.continue = options.continue;
  }

  /** Called once, at the edge: whatever is not an ApiError is an InternalError, with the original kept as its cause. */
  static from(error: unknown): ApiError {
    if (error instanceof ApiError) return error;
    return new ApiError('InternalError', error instanceof Error ? error.message : String(error), { cause: error });
  }
}

export const isReason = (error: unknown, reason: Reason): boolean => error instanceof ApiError && error.reason === reason;

/** What details of an error name: the plural and the group. */
export interface Named {
  readonly group: string;
  readonly plural: string;
}

/** `deployments.apps`, or `pods` for the core group. */
export const qualified = (of: Named): string => (of.group === '' ? of.plural : `${of.plural}.${of.group}`);

const detailsOf = (of: Named, name: string): StatusDetails => ({ name, ...(of.group === '' ? {} : { group: of.group }), kind: of.plural });

export const notFound = (of: Named, name: string): ApiError => new ApiError('NotFound', `${qualified(of)} ${goQuoted(name)} not found`, { details: detailsOf(of, name) });

export const alreadyExists = (of: Named, name: string): ApiError => new ApiError('AlreadyExists', `${qualified(of)} "${name}" already exists`, { details: detailsOf(of, name) });

export const conflict = (of: Named, name: string, why = 'the object has been modified; please apply your changes to the latest version and try again'): ApiError =>
  new ApiError('Conflict', `Operation cannot be fulfilled on ${qualified(of)} "${name}": ${why}`, { details: detailsOf(of, name) });

export const forbidden = (of: Named, name: string, why: string): ApiError =>
  new ApiError('Forbidden', `${qualified(of)}${name === '' ? '' : ` "${name}"`} is forbidden: ${why}`, { details: detailsOf(of, name) });

export const badRequest = (message: string): ApiError => new ApiError('BadRequest', message);
