// Tokens that lie in Secrets: they never end, so the Secret must still be there, and hold that very token.
import { ApiError, type ApiObject } from '@kaji/api';
import { type Secret, secrets, serviceaccounts } from '@kaji/api/core/v1';
import type { Runtime } from '@kaji/base';
import { type Client, WorkQueue } from '@kaji/client';
import type { Claims } from '@kaji/pki';
import { unauthorized } from '../pipeline/authenticate.ts';
import type { User } from '../pipeline/request.ts';
import type { Reader } from '../registry/reader.ts';

/** Who signed them, before tokens had an issuer of their own. */
export const legacyIssuer = 'kubernetes/serviceaccount';

const claimPrefix = 'kubernetes.io/serviceaccount/';
const invalidSinceLabel = 'kubernetes.io/legacy-token-invalid-since';
export const lastUsedLabel = 'kubernetes.io/legacy-token-last-used';

const refused = (why: string): Error => unauthorized(new Error(why));

/** Whom a token with these claims, whose signature was checked, speaks for. Tells of each Secret that is used. */
export function legacyUser(reader: Reader, token: string, claims: Claims, noteUse: (secret: Secret) => void): User {
  const claim = (name: string, shownAs: string): string => {
    const value = claims[name];
    if (typeof value !== 'string' || value === '') throw refused(`${shownAs} claim is missing`);
    return value;
  };
  const subject = claim('sub', 'sub');
  const namespace = claim(`${claimPrefix}namespace`, 'namespace');
  const secretName = claim(`${claimPrefix}secret.name`, 'secretName');
  const name = claim(`${claimPrefix}service-account.name`, 'serviceAccountName');
  const uid = claim(`${claimPrefix}service-account.uid`, 'serviceAccountUID');
  if (subject !== `system:serviceaccount:${namespace}:${name}`) throw refused('sub claim is invalid');
  const secret = reader.get(secrets, namespace, secretName);
  if (secret === undefined || isDeleted(secret)) throw refused('Token has been invalidated');
  if (secret.data?.['token'] !== new TextEncoder().encode(token).toBase64()) throw refused('Token does not match server\'s copy');
  const account = reader.get(serviceaccounts, namespace, name);
  if (account === undefined) throw refused(`serviceaccounts ${JSON.stringify(name)} not found`);
  if (isDeleted(account)) throw refused(`ServiceAccount ${namespace}/${name} has been deleted`);
  if (account.metadata.uid !== uid) throw refused(`ServiceAccount UID (${account.metadata.uid ?? ''}) does not match claim (${uid})`);
  noteUse(secret);
  if ((secret.metadata.labels?.[invalidSinceLabel] ?? '') !== '') {
    throw refused(`the token in secret ${namespace}/${secretName} for service account ${namespace}/${name} has been marked invalid. Use tokens from the TokenRequest API or manually created secret-based tokens, or remove the '${invalidSinceLabel}' label from the secret to temporarily allow use of this token`);
  }
  return { name: subject, uid, groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] };
}

const isDeleted = ({ metadata }: ApiObject): boolean => metadata.deletionTimestamp !== undefined;

const dayMs = 24 * 3600 * 1000;
const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** The label that says when a Secret's token was used last; undefined when it says so already. Another server's clock may be a day ahead. */
export function dueLabel({ metadata }: Secret, nowMs: number): string | undefined {
  const said = metadata.labels?.[lastUsedLabel];
  return said === dayOf(nowMs) || said === dayOf(nowMs + dayMs) ? undefined : dayOf(nowMs);
}

/** How many Secrets may wait for their label; a use beyond that is told by the next one. */
const mostWaiting = 1000;

/** Writes the day of their last use on Secrets, apart from the requests that use them. */
export class LegacyTokenUses {
  readonly #clock: Runtime['clock'];
  readonly #queue: WorkQueue;

  constructor({ clock, random }: Pick<Runtime, 'clock' | 'random'>) {
    this.#clock = clock;
    this.#queue = new WorkQueue(clock, random.stream('legacy-token-uses'));
  }

  note(secret: Secret): void {
    const { namespace = '', name = '' } = secret.metadata;
    if (dueLabel(secret, this.#clock.now()) !== undefined && this.#queue.depth < mostWaiting) this.#queue.add(`${namespace}/${name}`);
  }

  /** Runs until the signal. */
  async run(reader: Reader, client: Client, signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => { this.#queue.close(); }, { once: true });
    for (;;) {
      const key = await this.#queue.next();
      if (key === undefined) return;
      const [namespace = '', name = ''] = key.split('/');
      try {
        await this.#label(client, reader.get(secrets, namespace, name));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // Kubernetes: a label that could not be written is written at the next use.
      } finally {
        this.#queue.done(key);
      }
    }
  }

  async #label(client: Client, secret: Secret | undefined): Promise<void> {
    if (secret === undefined) return;
    const day = dueLabel(secret, this.#clock.now());
    const { namespace = '', name = '', uid } = secret.metadata;
    if (day !== undefined) await client.patch(secrets, { namespace, name }, { type: 'merge', body: { metadata: { uid, labels: { [lastUsedLabel]: day } } } });
  }
}
