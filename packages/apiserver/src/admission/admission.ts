import type { AnyResource, ApiObject } from '@kaji/api';
import type { User } from '../pipeline/request.ts';

/** A write on its way to the store. Mutating steps change `object` in place. */
export interface Attempt {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly resource: AnyResource;
  readonly subresource: string;
  readonly namespace: string;
  /** Empty while a generated name is not made yet. */
  readonly name: string;
  readonly user: User;
  readonly isDryRun: boolean;
  /** Absent on DELETE. */
  readonly object: ApiObject | undefined;
  /** Absent on CREATE and CONNECT. */
  readonly old: ApiObject | undefined;
  /** Adds a Warning header to the answer. */
  warn(message: string): void;
}

/** One step of admission; an absent method is a phase it takes no part in. A refusal is an ApiError thrown. */
export interface AdmissionStep {
  readonly name: string;
  /** Takes part only in servers that ask for it. */
  readonly isOffByDefault?: boolean;
  mutate?(attempt: Attempt): Promise<void> | void;
  validate?(attempt: Attempt): Promise<void> | void;
}
