/** Who may talk to this kubelet: client certificates, tokens shown to the API server, and its word on what they may do. */
import { type SubjectAccessReview, subjectaccessreviews } from '@kaji/api/authorization/v1';
import { type TokenReview, tokenreviews } from '@kaji/api/authentication/v1';
import type { Clock } from '@kaji/base';
import type { Client } from '@kaji/client';
import { parseDuration } from '@kaji/schema';
import type { KubeletConfiguration } from '../configuration.ts';

export interface Caller {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, string[]>>;
}

export interface Credentials {
  /** Of a certificate that one of our authorities signed. */
  readonly certificate: { readonly commonName: string; readonly organizations: readonly string[] } | undefined;
  readonly bearerToken: string | undefined;
}

const maxCached = 4096;

/** Kubernetes: answers are remembered, yes for longer than no. */
class Remembered<T> {
  readonly #clock: Clock;
  readonly #entries = new Map<string, { readonly value: T; readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async get(key: string, ask: () => Promise<{ readonly value: T; readonly forMs: number }>): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined && this.#clock.now() < known.until) return known.value;
    const { value, forMs } = await ask();
    this.#entries.delete(key);
    this.#entries.set(key, { value, until: this.#clock.now() + forMs });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= maxCached) break;
      this.#entries.delete(oldest);
    }
    return value;
  }
}

export class Access {
  readonly #client: Client;
  readonly #nodeName: string;
  readonly #configuration: KubeletConfiguration;
  readonly #tokens: Remembered<Caller | undefined>;
  readonly #verdicts: Remembered<boolean>;

  constructor(clock: Clock, client: Client, { nodeName, configuration }: { readonly nodeName: string; readonly configuration: KubeletConfiguration }) {
    this.#client = client;
    this.#nodeName = nodeName;
    this.#configuration = configuration;
    this.#tokens = new Remembered(clock);
    this.#verdicts = new Remembered(clock);
  }

  /** Undefined: 401. */
  async authenticate({ certificate, bearerToken }: Credentials): Promise<Caller | undefined> {
    if (certificate !== undefined) return { name: certificate.commonName, groups: [...certificate.organizations, 'system:authenticated'] };
    const { anonymous, webhook } = this.#configuration.authentication;
    if (bearerToken !== undefined && webhook.enabled === true) {
      const forMs = parseDuration(webhook.cacheTTL ?? '2m0s');
      const caller = await this.#tokens.get(bearerToken, async () => ({ value: await this.#review(bearerToken), forMs }));
      if (caller !== undefined) return caller;
    }
    return bearerToken === undefined && anonymous.enabled === true ? { name: 'system:anonymous', groups: ['system:unauthenticated'] } : undefined;
  }

  /** The subresource that was refused; undefined when the caller may. Of several any one is enough. */
  async refuses(caller: Caller, method: string, path: string): Promise<{ readonly verb: string; readonly subresources: readonly string[] } | undefined> {
    const verb = verbs[method] ?? '';
    const subresources = subresourcesOf(path);
    if (this.#configuration.authorization.mode === 'AlwaysAllow') return undefined;
    for (const subresource of subresources) if (await this.#mayUse(caller, verb, subresource)) return undefined;
    return { verb, subresources };
  }

  async #review(token: string): Promise<Caller | undefined> {
    const review: TokenReview & { apiVersion: string; kind: string } = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata: {}, spec: { token } };
    const { status } = await this.#client.create(tokenreviews, review);
    if (status?.authenticated !== true || status.user === undefined) return undefined;
    const { username = '', uid = '', groups = [], extra = {} } = status.user;
    return { name: username, uid, groups, extra };
  }

  #mayUse(caller: Caller, verb: string, subresource: string): Promise<boolean> {
    const { cacheAuthorizedTTL, cacheUnauthorizedTTL } = this.#configuration.authorization.webhook;
    const key = JSON.stringify([caller, verb, subresource]);
    return this.#verdicts.get(key, async () => {
      const review: SubjectAccessReview & { apiVersion: string; kind: string } = {
        apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata: {},
        spec: {
          user: caller.name, uid: caller.uid ?? '', groups: [...caller.groups], extra: { ...caller.extra },
          resourceAttributes: { verb, version: 'v1', resource: 'nodes', subresource, name: this.#nodeName },
        },
      };
      const value = (await this.#client.create(subjectaccessreviews, review)).status?.allowed === true;
      return { value, forMs: parseDuration((value ? cacheAuthorizedTTL : cacheUnauthorizedTTL) ?? '30s') };
    });
  }
}

const verbs: Readonly<Record<string, string>> = { POST: 'create', GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** Kubernetes: what a path counts as. Some have a finer right of their own beside the older one. */
export function subresourcesOf(path: string): readonly string[] {
  const isBelow = (root: string): boolean => path === root || path.startsWith(`${root}/`);
  if (isBelow('/stats')) return ['stats'];
  if (isBelow('/metrics')) return ['metrics'];
  if (isBelow('/logs')) return ['log'];
  if (isBelow('/checkpoint')) return ['checkpoint'];
  if (isBelow('/pods') || isBelow('/runningpods')) return ['pods', 'proxy'];
  if (isBelow('/healthz')) return ['healthz', 'proxy'];
  return isBelow('/configz') ? ['configz', 'proxy'] : ['proxy'];
}
