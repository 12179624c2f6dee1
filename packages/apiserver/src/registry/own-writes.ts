/** Writes of the server's own parts: nobody is asked, nothing is checked but that no other write came first. */
import type { AnyResource, ApiObject, Resource } from '@kaji/api';
import { defined, uuid } from '@kaji/base';
import type { ResourceRequest, User } from '../pipeline/request.ts';
import { type Call, provenanceOf, type VerbParts } from './call.ts';
import { keyOf } from './keys.ts';
import { manageFields } from './managed-fields.ts';
import { Pace } from './turns.ts';

export interface OwnWrites {
  /** Waits until the reader shows everything that was committed before; undefined when it does. */
  fresh(): Promise<void> | undefined;
  /** Stores the status of `after` in the place of `before`. Undefined when that was changed meanwhile; the reader shows what it is now. */
  putStatus<T extends ApiObject>(resource: Resource<T>, before: T, after: T): Promise<T | undefined>;
}

/** The server itself, as others see it. */
export const serverUser: User = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };

export const ownWrites = (partsOf: () => VerbParts): OwnWrites => ({
  fresh: () => partsOf().caches.fresh(),
  async putStatus<T extends ApiObject>(resource: Resource<T>, before: T, after: T): Promise<T | undefined> {
    const parts = partsOf();
    const served = defined(parts.servedFor(resource), resource.plural);
    const { namespace = '', name = '', resourceVersion = '' } = before.metadata;
    const call: Call = { parts, served, request: requestOf(parts, resource, namespace, name), warnings: [], pace: new Pace(parts.turns) };
    const object: ApiObject = { ...after, metadata: { ...after.metadata } };
    manageFields(call, before, object, '');
    const item = await parts.objects.put({ served, key: keyOf(served.prefix, namespace, name), object, expected: Number(resourceVersion) }, provenanceOf(call));
    return item?.object as T | undefined; // its cache holds such objects
  },
});

function requestOf({ runtime }: VerbParts, resource: AnyResource, namespace: string, name: string): ResourceRequest {
  const path = `/${resource.group === '' ? 'api' : `apis/${resource.group}`}/${resource.version}/namespaces/${namespace}/${resource.plural}/${name}/status`;
  const none = (): Promise<never> => Promise.reject(new Error('a write of the server itself has no body'));
  const { group, version, plural } = resource;
  return {
    method: 'PUT', path, query: new URLSearchParams(), rawQuery: '', headers: { 'user-agent': 'kube-apiserver' }, body: none, stream: () => { throw new Error('a write of the server itself has no body'); },
    signal: new AbortController().signal, abort: () => undefined, remote: { address: '' }, requestId: uuid(runtime.random.stream('own writes')), receivedAtMs: runtime.clock.now(), verb: 'update',
    target: { type: 'resource', resource, namespace, name, subresource: 'status', subpath: '' },
    action: { verb: 'update', isResource: true, path, group, version, plural, subresource: 'status', namespace, name }, isLongRunning: false, user: serverUser, isAuthorized: true,
  };
}
