/** Names of images. */

const hostPattern = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?))*(?::[0-9]+)?$/;
const pathPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^[\w][\w.-]{0,127}$/;
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

export interface ImageName {
  /** With registry, repository, and a tag or digest. */
  readonly full: string;
  /** `registry/repository`, what credentials are looked up by. */
  readonly repository: string;
  readonly registry: string;
}

/** The whole name of an image, or what is wrong with it, as Docker's parser says it. */
export function parseImageName(image: string): ImageName | { readonly problem: string } {
  const malformed = { problem: 'invalid reference format' };
  if (/^[a-f0-9]{64}$/.test(image)) return { problem: `invalid repository name (${image}), cannot specify 64-byte hexadecimal strings` };
  const [beforeDigest = '', digest, ...more] = image.split('@');
  if (more.length > 0 || (digest !== undefined && !digestPattern.test(digest))) return malformed;
  const slash = beforeDigest.lastIndexOf('/');
  const colon = beforeDigest.indexOf(':', slash + 1);
  const name = colon < 0 ? beforeDigest : beforeDigest.slice(0, colon);
  const tag = colon < 0 ? undefined : beforeDigest.slice(colon + 1);
  if (tag !== undefined && !tagPattern.test(tag)) return malformed;
  const { registry, path } = splitRegistry(name);
  if (!hostPattern.test(registry)) return malformed;
  if (path.toLowerCase() !== path && pathPattern.test(path.toLowerCase())) return { problem: 'invalid reference format: repository name must be lowercase' };
  if (!pathPattern.test(path)) return malformed;
  const repository = `${registry}/${path}`;
  const full = `${repository}${tag === undefined && digest === undefined ? ':latest' : tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return { full, repository, registry };
}

/** What stands before the first slash is a registry when it looks like a host. */
function splitRegistry(name: string): { readonly registry: string; readonly path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  if (slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first)) return { registry: first, path: name.slice(slash + 1) };
  return { registry: 'docker.io', path: slash < 0 ? `library/${name}` : name };
}
