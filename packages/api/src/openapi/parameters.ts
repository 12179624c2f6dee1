/** Parameters of operations: names, places and types. */
import type { Dialect, Schema } from './type-schema.ts';

type Type = 'string' | 'boolean' | 'integer';

const query: Readonly<Record<string, Type>> = {
  allowWatchBookmarks: 'boolean', continue: 'string', fieldSelector: 'string', labelSelector: 'string', limit: 'integer', resourceVersion: 'string', resourceVersionMatch: 'string',
  sendInitialEvents: 'boolean', shardSelector: 'string', timeoutSeconds: 'integer', watch: 'boolean', pretty: 'string', dryRun: 'string', fieldManager: 'string', fieldValidation: 'string',
  force: 'boolean', gracePeriodSeconds: 'integer', ignoreStoreReadErrorWithClusterBreakingPotential: 'boolean', orphanDependents: 'boolean', propagationPolicy: 'string',
  command: 'string', container: 'string', stderr: 'boolean', stdin: 'boolean', stdout: 'boolean', tty: 'boolean', ports: 'integer', follow: 'boolean',
  insecureSkipTLSVerifyBackend: 'boolean', limitBytes: 'integer', previous: 'boolean', sinceSeconds: 'integer', stream: 'string', tailLines: 'integer', timestamps: 'boolean',
};

const listing = ['continue', 'fieldSelector', 'labelSelector', 'limit', 'resourceVersion', 'resourceVersionMatch', 'sendInitialEvents', 'shardSelector', 'timeoutSeconds'];
const deleting = ['dryRun', 'gracePeriodSeconds', 'ignoreStoreReadErrorWithClusterBreakingPotential', 'orphanDependents', 'propagationPolicy'];
const writing = ['dryRun', 'fieldManager', 'fieldValidation'];
const executing = ['command', 'container', 'stderr', 'stdin', 'stdout', 'tty'];

/** Names of the query's parameters, by action or by the subresource that is connected to. */
export const parameterNames: Readonly<Record<string, readonly string[]>> = {
  list: ['allowWatchBookmarks', ...listing, 'watch'], deletecollection: [...listing, ...deleting], post: writing, put: writing, patch: [...writing, 'force'], delete: deleting, get: [],
  exec: executing, attach: executing.slice(1), portforward: ['ports'],
  log: ['container', 'follow', 'insecureSkipTLSVerifyBackend', 'limitBytes', 'previous', 'sinceSeconds', 'stream', 'tailLines', 'timestamps'],
};

const parameter = (name: string, place: 'query' | 'path', type: Type, { version }: Dialect): Schema => ({
  name, in: place, uniqueItems: true, ...(place === 'path' ? { required: true } : {}), ...(version === 2 ? { type } : { schema: { type, uniqueItems: true } }),
});

export const queryParameters = (names: readonly string[], dialect: Dialect): Schema[] => names.toSorted().map((name) => parameter(name, 'query', query[name] ?? 'string', dialect));

/** Of the variable parts of a path, and `pretty`, which every operation takes. */
export const pathParameters = (path: string, dialect: Dialect): Schema[] => [
  ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => parameter(name, 'path', 'string', dialect)), ...queryParameters(['pretty'], dialect),
];
