/** Fills the Secrets that ask for a token, and removes them with their account. */
import { isReason } from '@kaji/api';
import { type Secret, secrets, type ServiceAccount, serviceaccounts } from '@kaji/api/core/v1';
import { TokenSigner } from '@kaji/pki';
import type { Client, Key } from '@kaji/client';
import { type Controller, type ReconcileContext, watch } from '../controller.ts';
import { accountNameAnnotation, isTokenOf, planToken, tokenType } from './plan.ts';

/** Without a key no tokens are made: there is no such controller then. */
export function serviceAccountTokenController(authorityPem: string, keyPem: string): Controller {
  const signer = new TokenSigner(keyPem);
  const parts = { authorityPem, sign: (claims: Readonly<Record<string, unknown>>) => signer.sign(claims) };
  return {
    name: 'tokens-controller',
    watches: [
      // What is in Secrets is not kept: those that ask for a token are read when they change.
      { ...watch(secrets, ({ object, type }) => (type === 'deleted' || accountOf(object) !== undefined ? [keyOf(object)] : [])), readsMetadataOnly: true },
      watch(serviceaccounts, ({ object, type }, caches) => (type !== 'deleted' ? [] : [...caches.of(secrets).inNamespace(object.metadata.namespace ?? '')].filter((secret) => isTokenOf(secret, object)).map(keyOf))),
    ],
    async reconcile(key, context) {
      const known = context.caches.of(secrets).get(key);
      if (known === undefined) await forget(key, context);
      else if (accountOf(known) !== undefined) await fill(await read(context.client, key), context);
      return 'done';
    },
  };

  async function fill(secret: Secret | undefined, context: ReconcileContext): Promise<void> {
    if (secret?.type !== tokenType || secret.metadata.deletionTimestamp !== undefined) return;
    const plan = planToken(secret, await accountFor(secret, context), parts);
    try {
      if (plan.do === 'update') await context.client.update(secrets, plan.secret);
      if (plan.do === 'delete') await context.client.delete(secrets, keyOf(secret), secret.metadata.uid === undefined ? {} : { uid: secret.metadata.uid });
    } catch (error) {
      // Somebody else changed or removed it: its watch tells what to do next.
      if (!isReason(error, 'Conflict') && !isReason(error, 'NotFound')) throw error;
    }
  }
}

const accountOf = ({ metadata }: Secret): string | undefined => metadata.annotations?.[accountNameAnnotation];

const keyOf = ({ metadata: { namespace = '', name = '' } }: Secret): Key => ({ namespace, name });

async function read(client: Client, key: Key): Promise<Secret | undefined> {
  try {
    return await client.get(secrets, key);
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** From the cache; from the server when it is not there yet. */
async function accountFor(secret: Secret, { client, caches }: ReconcileContext): Promise<ServiceAccount | undefined> {
  const key = { namespace: secret.metadata.namespace ?? '', name: accountOf(secret) ?? '' };
  const known = caches.of(serviceaccounts).get(key);
  if (known !== undefined && isTokenOf(secret, known)) return known;
  try {
    const live = await client.get(serviceaccounts, key);
    return isTokenOf(secret, live) ? live : undefined;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

/** Takes a Secret that is gone out of the accounts that list it. */
async function forget({ namespace, name }: Key, { client, caches }: ReconcileContext): Promise<void> {
  for (const account of caches.of(serviceaccounts).inNamespace(namespace)) {
    if (account.secrets?.some((reference) => reference.name === name) !== true) continue;
    try {
      await client.update(serviceaccounts, { ...account, secrets: account.secrets.filter((reference) => reference.name !== name) });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  }
}
