// Tokens in Secrets of kube-system, with which machines join.
import { secrets } from '@kaji/api/core/v1';
import type { Clock } from '@kaji/base';
import { parseTime } from '@kaji/schema';
import { timingSafeEqual } from 'node:crypto';
import type { Reader } from '../registry/reader.ts';
import type { TokenAuthenticator } from './bearer.ts';

export const bootstrapTokenAuthenticator = (clock: Clock, reader: Reader): TokenAuthenticator => ({
  authenticate(token) {
    const match = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token);
    const [, id = '', secret = ''] = match ?? [];
    if (match === null) return undefined;
    const found = reader.get(secrets, 'kube-system', `bootstrap-token-${id}`);
    if (found === undefined || found.metadata.deletionTimestamp !== undefined || found.type !== 'bootstrap.kubernetes.io/token') return undefined;
    const text = (key: string): string => Buffer.from(found.data?.[key] ?? '', 'base64').toString('utf8');
    if (text('token-id') !== id || !isSame(text('token-secret'), secret) || text('usage-bootstrap-authentication') !== 'true') return undefined;
    const expiration = text('expiration');
    if (expiration !== '' && (parseTime(expiration) ?? 0) <= clock.now()) return undefined;
    const groups = ['system:bootstrappers'];
    for (const group of text('auth-extra-groups').split(',')) {
      if (group === '') continue;
      // A Secret that was tampered with must not make a master of its bearer.
      if (!/^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/.test(group)) return undefined;
      groups.push(group);
    }
    return { user: { name: `system:bootstrap:${id}`, groups: [...new Set(groups)] } };
  },
});

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
