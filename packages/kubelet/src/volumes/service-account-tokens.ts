/** Tokens of service accounts for pods, asked for anew before they expire. */
import { serviceaccounts, type Pod } from '@kaji/api/core/v1';
import type { Client } from '@kaji/client';
import type { Clock } from '@kaji/base';
import { parseTime } from '@kaji/schema';
import { VolumeError } from './payload.ts';

interface Held {
  readonly token: string;
  readonly refreshAt: number;
}

/** Kubernetes: after 80 % of its life, or after a day. */
const refreshShare = 0.8;
const maxAgeMs = 24 * 3600 * 1000;

export class ServiceAccountTokens {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #held = new Map<string, Map<string, Held>>();

  constructor(client: Client, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async get(pod: Pod, audience: string, expirationSeconds: number): Promise<string> {
    const uid = pod.metadata.uid ?? '';
    const key = `${audience}/${expirationSeconds}`;
    const held = this.#held.get(uid)?.get(key);
    const now = this.#clock.now();
    if (held !== undefined && now < held.refreshAt) return held.token;
    const { namespace = '', name = '' } = pod.metadata;
    const account = pod.spec.serviceAccountName ?? 'default';
    const answer = await this.#client.post(serviceaccounts, { namespace, name: account }, 'token', {
      kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata: {},
      spec: { audiences: audience === '' ? [] : [audience], expirationSeconds, boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name, uid } },
    }) as { status?: { token?: string; expirationTimestamp?: string } }; // the shape of a TokenRequest
    const token = answer.status?.token;
    if (token === undefined) throw new VolumeError(`failed to fetch token: the answer for service account "${account}" has none`);
    const expiresAt = parseTime(answer.status?.expirationTimestamp ?? '') ?? now + expirationSeconds * 1000;
    const tokens = this.#held.get(uid) ?? new Map<string, Held>();
    tokens.set(key, { token, refreshAt: now + Math.min(maxAgeMs, (expiresAt - now) * refreshShare) });
    this.#held.set(uid, tokens);
    return token;
  }

  forget(uid: string): void {
    this.#held.delete(uid);
  }
}
