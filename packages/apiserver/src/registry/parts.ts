import type { AnyResource, ApiObject } from '@kaji/api';
import type { Runtime } from '@kaji/base';
import type { Store } from '@kaji/store';
import type { AdmissionStep } from '../admission/admission.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { Handler, ResourceRequest } from '../pipeline/request.ts';
import type { OwnWrites } from './own-writes.ts';
import type { Reader } from './reader.ts';

/** Answers a kind that is computed, not stored: the object as it was sent, with its status filled in. Refusals are thrown. */
export type Evaluate = (object: ApiObject, request: ResourceRequest) => Promise<ApiObject> | ApiObject;

/** What the registry is made of. */
export interface RegistryParts {
  readonly runtime: Runtime;
  readonly store: Store;
  readonly kinds: readonly AnyResource[];
  /** The admission list. Called once, when the reader exists (its caches may still be empty); nothing may be written yet. */
  readonly admission: (reader: Reader, writes: OwnWrites) => readonly AdmissionStep[];
  /**
   * Kinds that are computed: reviews by their qualified plural (`tokenreviews.authentication.k8s.io`) and the subresource
   * `serviceaccounts/token`. The registry decodes, defaults and validates the body before, and encodes the answer (201) after.
   */
  readonly evaluators: ReadonlyMap<string, Evaluate>;
  /** Who may create by a verb that is not `create`. */
  readonly authorizer: Authorizer;
  /** CIDRs, the primary one first. */
  readonly serviceClusterIpRanges: readonly string[];
  readonly serviceNodePortRange: { readonly first: number; readonly last: number };
}

/** One object to be there. */
export interface Seed {
  readonly resource: AnyResource;
  readonly object: ApiObject;
}

/** The objects of one API server: verbs over the store, and what others see of them. */
export interface Registry {
  /** Every verb and subresource of stored and computed kinds; streaming and proxying subresources never arrive here. */
  readonly dispatch: Handler<ResourceRequest>;
  readonly reader: Reader;
  /** Fills the caches and keeps them up to date until the signal; resolves once every cache is filled. */
  start(signal: AbortSignal): Promise<void>;
  /**
   * Writes objects of the server's own at one revision, without admission: creates (uid, creationTimestamp, defaults) what is
   * absent, replaces what is there (keeping uid and creationTimestamp). The reader shows them once it resolves.
   */
  seed(seeds: readonly Seed[]): Promise<void>;
  /** Refuses new requests' waits and closes watches; part of a graceful end. */
  close(): Promise<void>;
}
