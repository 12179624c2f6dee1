/** Writes of the server's own parts: as any other write, with admission and rules, but without a wire. */
import type { AnyResource, ApiObject, Resource } from '@kaji/api';
import { defined, uuid } from '@kaji/base';
import type { ResourceRequest, User } from '../pipeline/request.ts';
import type { Call, VerbParts } from './call.ts';
import { manageFields } from './managed-fields.ts';
import { updateObject } from './verbs/update.ts';

export interface OwnWrites {
  /** Waits until the reader shows everything that was committed before; undefined when it does. */
  fresh(): Promise<void> | undefined;
  /** Stores the status of an object that is still in its version. Throws Conflict when it is not. */
  updateStatus<T extends ApiObject>(resource: Resource<T>, object: T): Promise<T>;
}

/** The server itself, as others see it. */
const server: User = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };

export const ownWrites = (partsOf: () => VerbParts): OwnWrites => ({
  fresh: () => partsOf().caches.fresh(),
  async updateStatus<T extends ApiObject>(resource: Resource<T>, object: T): Promise<T> {
    const parts = partsOf();
    const call: Call = { parts, served: defined(parts.servedFor(resource), resource.plural), request: requestOf(parts, resource, object), warnings: [] };
    const { item } = await updateObject(call, (there) => {
      const wanted = structuredClone<ApiObject>(object);
      manageFields(call, there?.object, wanted, '');
      return wanted;
    }, { isDryRun: false });
    return item.object as T; // its cache holds such objects
  },
});

function requestOf({ runtime }: VerbParts, resource: AnyResource, { metadata: { namespace = '', name = '' } }: ApiObject): ResourceRequest {
  const path = `/${resource.group === '' ? 'api' : `apis/${resource.group}`}/${resource.version}/namespaces/${namespace}/${resource.plural}/${name}/status`;
  const none = (): Promise<never> => Promise.reject(new Error('a write of the server itself has no body'));
  const { group, version, plural } = resource;
  return {
    method: 'PUT', path, query: new URLSearchParams(), rawQuery: '', headers: { 'user-agent': 'kube-apiserver' }, body: none, stream: () => { throw new Error('a write of the server itself has no body'); },
    signal: new AbortController().signal, remote: { address: '' }, requestId: uuid(runtime.random.stream('own writes')), receivedAtMs: runtime.clock.now(), verb: 'update',
    target: { type: 'resource', resource, namespace, name, subresource: 'status', subpath: '' },
    action: { verb: 'update', isResource: true, path, group, version, plural, subresource: 'status', namespace, name }, isLongRunning: false, user: server, isAuthorized: true,
  };
}
