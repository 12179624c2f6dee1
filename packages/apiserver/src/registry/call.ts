/** What every verb has at hand: the server's parts, the kind, the request, and the warnings gathered on the way. */
import { type AnyResource, type ApiObject, badRequest } from '@kaji/api';
import type { Runtime } from '@kaji/base';
import { causeHeader } from '@kaji/client';
import type { AdmissionStep, Attempt } from '../admission/admission.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import { forbiddenBy } from '../pipeline/authorize.ts';
import type { Reply, ResourceRequest } from '../pipeline/request.ts';
import type { Caches } from '../watch-cache/caches.ts';
import type { Item } from '../watch-cache/item.ts';
import type { RulesThread } from './judge.ts';
import { keyOf } from './keys.ts';
import type { ObjectStore, Provenance } from './object-store.ts';
import type { Reader } from './reader.ts';
import type { Evaluate } from './parts.ts';
import type { Served } from './served.ts';
import type { WriteContext } from './strategy.ts';
import type { YamlReader } from '../server/yaml-reader.ts';
import type { Pace, Turns } from './turns.ts';
import type { Store } from '@kaji/store';

export interface VerbParts {
  readonly runtime: Runtime;
  readonly store: Store;
  readonly objects: ObjectStore;
  readonly caches: Caches;
  readonly reader: Reader;
  readonly admission: readonly AdmissionStep[];
  readonly authorizer: Authorizer;
  readonly evaluators: ReadonlyMap<string, Evaluate>;
  /** `v1/Pod`: every kind this server decodes. */
  readonly knownKinds: ReadonlySet<string>;
  servedFor(resource: AnyResource): Served | undefined;
  /** Shared by everything that takes long. */
  readonly turns: Turns;
  readonly yaml: YamlReader;
  readonly rules: RulesThread;
  /** Ends watches when the server stops. */
  readonly closing: AbortSignal;
}

export interface Call {
  readonly parts: VerbParts;
  readonly served: Served;
  readonly request: ResourceRequest;
  readonly warnings: string[];
  readonly pace: Pace;
}

export type Verb = (call: Call) => Promise<Reply>;

export const warn = ({ warnings }: Call, text: string): void => {
  warnings.push(text);
};

export const keyOfCall = ({ served, request }: Call, name = request.target.name): string => keyOf(served.prefix, request.target.namespace, name);

export function provenanceOf({ request }: Call): Provenance {
  const causedBy = request.headers[causeHeader];
  return { user: request.user.name, verb: request.verb, path: request.path, requestId: request.requestId, ...(causedBy === undefined ? {} : { causedBy }) };
}

export function contextOf(call: Call, isDryRun: boolean): WriteContext {
  const { parts, request } = call;
  return {
    nowMs: parts.runtime.clock.now(), user: request.user, verb: request.verb, isDryRun, group: call.served.resource.group, subresource: request.target.subresource, reader: parts.reader,
    warn: (text) => { warn(call, text); },
    refusal(of) {
      const action = { ...request.action, ...of };
      const { isAllowed, reason } = parts.authorizer.authorize(request.user, action);
      return isAllowed ? undefined : forbiddenBy(request.user, action, reason);
    },
  };
}

/** Kubernetes: a body may leave the namespace out, but not name another. Cluster-scoped kinds ignore theirs. */
export function matchNamespace({ served, request }: Call, object: ApiObject): void {
  if (!served.resource.isNamespaced) {
    delete object.metadata.namespace;
    return;
  }
  const { namespace } = object.metadata;
  if (namespace === undefined || namespace === '') object.metadata.namespace = request.target.namespace;
  else if (namespace !== request.target.namespace) throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

export interface Attempted {
  readonly operation: Attempt['operation'];
  readonly object: ApiObject | undefined;
  readonly old: ApiObject | undefined;
  readonly name: string;
  readonly isDryRun: boolean;
}

export function attemptOf(call: Call, attempted: Attempted): Attempt {
  const { request } = call;
  return { ...attempted, resource: request.target.resource, subresource: request.target.subresource, namespace: request.target.namespace, user: request.user, warn: (text) => { warn(call, text); } };
}

/** Mutating admission, in order: it judges by everything that this server has committed. Steps that do not wait cost no turn of the loop. */
export async function mutate(call: Call, attempt: Attempt): Promise<void> {
  const waiting = call.parts.caches.fresh();
  if (waiting !== undefined) await waiting;
  for (const step of call.parts.admission) {
    if (step.mutate === undefined) continue;
    const pending = step.mutate(attempt) ?? call.pace.rest();
    if (pending !== undefined) await pending;
  }
}

export async function validateAdmission(call: Call, attempt: Attempt): Promise<void> {
  for (const step of call.parts.admission) {
    if (step.validate === undefined) continue;
    const pending = step.validate(attempt) ?? call.pace.rest();
    if (pending !== undefined) await pending;
  }
}

/** The object as it is now, after everything this server has committed. */
export async function current(call: Call, key: string): Promise<Item | undefined> {
  const waiting = call.parts.caches.fresh();
  if (waiting !== undefined) await waiting;
  const item = call.served.cache.get(key);
  call.pace.carry(item?.stored.length ?? 0);
  return item;
}
