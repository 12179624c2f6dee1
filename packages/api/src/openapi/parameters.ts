/** Parameters of operations: names, places, types and what they are for. */
import type { Parameter } from './operation.ts';

type Described = readonly [type: Parameter['type'], description: string];

const listing: Readonly<Record<string, Described>> = {
  allowWatchBookmarks: ['boolean', 'Whether a watch may also be sent events of type BOOKMARK, which carry nothing but a fresh resourceVersion. No promise is made of when they come.'],
  continue: ['string', 'The token that came with the part of a list before this one. It is good for about five minutes and for the same query only; a token that is too old is answered with 410 and another one, which goes on from a newer state. Watches do not take it.'],
  fieldSelector: ['string', 'Only objects whose fields are so, as in metadata.name=web or status.phase!=Running. Which fields can be named depends on the kind.'],
  labelSelector: ['string', 'Only objects whose labels are so, as in app=web,tier in (front,back).'],
  limit: ['integer', 'The greatest number of objects in one answer. When there are more, the metadata of the list holds a token for the next part, and all parts show one and the same state. Watches do not take it.'],
  resourceVersion: ['string', 'How fresh the answer has to be. Without it, as fresh as the store; 0, whatever is at hand; any other, at least that fresh. A watch starts after it.'],
  resourceVersionMatch: ['string', 'How resourceVersion is meant: Exact, or NotOlderThan.'],
  sendInitialEvents: ['boolean', 'Whether a watch starts with one event for every object there is, ended by a bookmark that says so by an annotation. It needs resourceVersionMatch NotOlderThan.'],
  shardSelector: ['string', 'A share of the objects, by ranges of the hash of a field. Not served yet.'],
  timeoutSeconds: ['integer', 'After how many seconds the answer ends, whatever happens.'],
  watch: ['boolean', 'Whether to be sent the changes from resourceVersion on, instead of a list.'],
};

const writing: Readonly<Record<string, Described>> = {
  dryRun: ['string', 'With All, everything is done but the change itself. No other value is taken.'],
  fieldManager: ['string', 'Who is said to own the fields that this request sets: up to 128 printable characters. The start of the User-Agent when absent.'],
  fieldValidation: ['string', 'What becomes of fields that are unknown or given twice: Ignore drops them, Warn drops them and says so in a header of the answer, Strict refuses the request. Warn when absent.'],
};

const deleting: Readonly<Record<string, Described>> = {
  gracePeriodSeconds: ['integer', 'How many seconds the object has to end by itself; 0 removes it at once. What the kind or the object says when absent.'],
  ignoreStoreReadErrorWithClusterBreakingPotential: ['boolean', 'Removes an object that can no longer be read from the store, without heed of finalizers and preconditions. What stands behind the object may be left over.'],
  orphanDependents: ['boolean', 'The old form of propagationPolicy: true for Orphan. Only one of the two may be given.'],
  propagationPolicy: ['string', 'What becomes of the objects that this one owns: Orphan leaves them, Background deletes them afterwards, Foreground deletes them before. What the finalizers and the kind say when absent.'],
};

const streaming: Readonly<Record<string, Described>> = {
  command: ['string', 'The program to run and its arguments, each in a parameter of its own. No shell is involved.'],
  container: ['string', 'Which container; it may be left out when the pod has only one.'],
  stderr: ['boolean', 'Whether the error output is sent.'],
  stdin: ['boolean', 'Whether input is taken.'],
  stdout: ['boolean', 'Whether the output is sent.'],
  tty: ['boolean', 'Whether the program gets a terminal.'],
};

const logging: Readonly<Record<string, Described>> = {
  container: ['string', 'Which container; it may be left out when the pod has only one.'],
  follow: ['boolean', 'Whether to go on sending what is written from now on.'],
  insecureSkipTLSVerifyBackend: ['boolean', 'Whether to take the log from a node whose certificate cannot be checked. The log may then be anybody\'s.'],
  limitBytes: ['integer', 'After how many bytes to stop, be it within a line.'],
  previous: ['boolean', 'Whether to show the log of the container\'s previous run.'],
  sinceSeconds: ['integer', 'Only what was written in the last so many seconds.'],
  stream: ['string', 'Which of the outputs to show: All, Stdout or Stderr.'],
  tailLines: ['integer', 'How many of the last lines to show. All when absent.'],
  timestamps: ['boolean', 'Whether each line begins with its time.'],
};

const { allowWatchBookmarks: _bookmarks, watch: _watch, ...selecting } = listing;
const { command: _command, ...attaching } = streaming;
const { dryRun } = writing;
const deletion = { ...(dryRun === undefined ? {} : { dryRun }), ...deleting };
const pretty: Described = ['string', 'With true, the answer is indented. Browsers, curl and wget get it so without asking.'];
const proxied: Readonly<Record<string, Described>> = { path: ['string', 'The path that is asked of what stands behind the proxy.'] };

const byAction: Readonly<Record<string, Readonly<Record<string, Described>>>> = {
  list: listing, watch: listing, watchlist: listing, deletecollection: { ...selecting, ...deletion }, delete: deletion, post: writing, put: writing,
  patch: { ...writing, force: ['boolean', 'Whether an apply takes over fields that others own. Only applies take it.'] },
};

/** Of subresources that are read or connected to, by name. */
const bySubresource: Readonly<Record<string, Readonly<Record<string, Described>>>> = { exec: streaming, attach: attaching, portforward: { ports: ['integer', 'Which ports to forward.'] }, log: logging, proxy: proxied };

const named = (place: Parameter['in'], all: Readonly<Record<string, Described>>): Parameter[] => Object.entries(all).map(([name, [type, description]]) => ({ name, in: place, type, description }));

const inPath: Readonly<Record<string, string>> = { namespace: 'The namespace of the object.', path: 'The path that is asked of what stands behind the proxy.' };

/** Everything that an operation at this path can be told beside its body. */
export function parametersOf(path: string, action: string, subresource: string, kind: string): readonly Parameter[] {
  const inQuery = action === 'connect' || action === 'get' ? bySubresource[subresource] ?? {} : byAction[action] ?? {};
  const variables = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']): Parameter => ({ name, in: 'path', type: 'string', description: inPath[name] ?? `The name of the ${kind}.` }));
  return [...variables, ...named('query', action === 'connect' ? inQuery : { ...inQuery, pretty })].sort((left, right) => (left.name < right.name ? -1 : 1));
}
