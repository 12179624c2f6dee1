// What a path and method ask for: upstream's request info, to the letter, because authorization rules are written against it.
import type { Action } from './request.ts';

export interface ParsedPath {
  readonly action: Action;
  /** The parts from the resource on: resource, name, subresource, more. Empty for plain paths. */
  readonly parts: readonly string[];
  /** The path named a namespace, be it an empty one. */
  readonly hasNamespace: boolean;
  /** The path began with `/watch/`, the form clients used before the query parameter. */
  readonly isWatchPath: boolean;
}

const verbOfMethod: Readonly<Record<string, string>> = { POST: 'create', GET: 'get', HEAD: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
const namespaceSubresources: ReadonlySet<string> = new Set(['status', 'finalize']);

/** `path` is decoded. Undefined for a watch of nothing. */
export function parseAction(method: string, path: string, query: URLSearchParams): ParsedPath | undefined {
  const whole = trimSlashes(path);
  let parts = whole === '' ? [] : whole.split('/');
  const plain: ParsedPath = {
    action: { verb: method.toLowerCase(), isResource: false, path, group: '', version: '', plural: '', subresource: '', namespace: '', name: '' },
    parts: [], hasNamespace: false, isWatchPath: false,
  };
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return plain;
  if (parts.length < (isCore ? 3 : 4)) return plain;
  const group = isCore ? '' : parts[1] ?? '';
  const version = (isCore ? parts[1] : parts[2]) ?? '';
  parts = parts.slice(isCore ? 2 : 3);

  let verb = verbOfMethod[method] ?? '';
  const isWatchPath = parts[0] === 'watch' || parts[0] === 'proxy';
  if (isWatchPath) {
    if (parts.length < 2) return undefined;
    verb = parts[0] ?? '';
    parts = parts.slice(1);
  }

  let namespace = '';
  let hasNamespace = false;
  if (parts[0] === 'namespaces' && parts.length > 1) {
    namespace = parts[1] ?? '';
    if (parts.length > 2 && !namespaceSubresources.has(parts[2] ?? '')) {
      parts = parts.slice(2);
      hasNamespace = true;
    }
  }
  let name = parts[1] ?? '';
  const subresource = verb === 'proxy' ? '' : parts[2] ?? '';
  if (name === '' && verb === 'get') {
    verb = isWatch(query) ? 'watch' : 'list';
    name = nameSelected(query.get('fieldSelector'));
  }
  if (name === '' && verb === 'delete') verb = 'deletecollection';
  const selectors = isWatchPath || !(verb === 'list' || verb === 'watch' || verb === 'deletecollection') ? {} : selectorsOf(query);
  return {
    action: { verb, isResource: true, path, group, version, plural: parts[0] ?? '', subresource, namespace, name, ...selectors },
    parts, hasNamespace, isWatchPath,
  };
}

/** Kubernetes: any value but these two means yes, the empty one too. */
function isWatch(query: URLSearchParams): boolean {
  const value = query.get('watch');
  return value !== null && value.toLowerCase() !== 'false' && value !== '0';
}

function selectorsOf(query: URLSearchParams): { fieldSelector?: string; labelSelector?: string } {
  const fieldSelector = query.get('fieldSelector');
  const labelSelector = query.get('labelSelector');
  return { ...(fieldSelector === null || fieldSelector === '' ? {} : { fieldSelector }), ...(labelSelector === null || labelSelector === '' ? {} : { labelSelector }) };
}

/** A list of one named object counts as a request for that name, so that rules with resourceNames can allow it. */
function nameSelected(fieldSelector: string | null): string {
  if (fieldSelector === null) return '';
  for (const term of fieldSelector.split(',')) {
    const match = /^metadata\.name==?(.*)$/.exec(term.trim());
    const name = match?.[1];
    if (name !== undefined && name !== '' && name !== '.' && name !== '..' && !/[/%]/.test(name)) return name;
  }
  return '';
}

const trimSlashes = (path: string): string => path.replace(/^\/+|\/+$/g, '');

/** Percent-decodes as Go does: bytes that are no UTF-8 are kept as replacement characters, a bad escape is undefined. */
export function decodePath(raw: string): string | undefined {
  if (!raw.includes('%')) return raw;
  if (/%(?![0-9a-fA-F]{2})/.test(raw)) return undefined;
  try {
    return decodeURIComponent(raw);
  } catch {
    // Only invalid UTF-8 is left as a reason: decode byte by byte.
    const bytes = new TextEncoder().encode(raw);
    const decoded: number[] = [];
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0;
      if (byte !== 0x25) decoded.push(byte);
      else {
        decoded.push(Number.parseInt(raw.slice(index + 1, index + 3), 16));
        index += 2;
      }
    }
    return new TextDecoder().decode(Uint8Array.from(decoded));
  }
}
