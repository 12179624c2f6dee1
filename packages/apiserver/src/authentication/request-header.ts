// A front proxy that has authenticated its clients itself, and proves with a certificate that it is one to be believed.
import type { Clock } from '@kaji/base';
import type { Authenticator } from '../pipeline/authenticate.ts';
import { decodePath } from '../pipeline/action.ts';
import { splitPem, verifyChain } from './certificates.ts';

export interface RequestHeaderConfig {
  readonly authoritiesPem: string;
  /** Common names a proxy may have; every name the authority signed when empty. */
  readonly allowedNames: readonly string[];
  readonly usernameHeaders: readonly string[];
  readonly uidHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly extraHeaderPrefixes: readonly string[];
}

export const requestHeaderDefaults: Omit<RequestHeaderConfig, 'authoritiesPem'> = {
  allowedNames: [], usernameHeaders: ['x-remote-user'], uidHeaders: ['x-remote-uid'], groupHeaders: ['x-remote-group'], extraHeaderPrefixes: ['x-remote-extra-'],
};

export function requestHeaderAuthenticator(clock: Clock, config: RequestHeaderConfig): Authenticator {
  const authorities = splitPem(config.authoritiesPem);
  return {
    authenticate({ headers, remote: { certificate } }) {
      const name = first(headers, config.usernameHeaders);
      if (name === undefined || certificate === undefined) return undefined;
      const { commonName } = verifyChain(certificate, authorities, clock.now());
      if (config.allowedNames.length > 0 && !config.allowedNames.includes(commonName)) return undefined;
      const uid = first(headers, config.uidHeaders);
      const groups = config.groupHeaders.flatMap((header) => (headers[header] ?? '').split(',').map((group) => group.trim()).filter((group) => group !== ''));
      const extra: Record<string, string[]> = {};
      for (const [header, value] of Object.entries(headers)) {
        const prefix = config.extraHeaderPrefixes.find((one) => header.startsWith(one));
        if (prefix === undefined) continue;
        const key = header.slice(prefix.length);
        extra[decodePath(key) ?? key] = value.split(',').map((one) => one.trim());
      }
      return { name, groups, ...(uid === undefined ? {} : { uid }), ...(Object.keys(extra).length === 0 ? {} : { extra }) };
    },
  };
}

const first = (headers: Readonly<Record<string, string>>, names: readonly string[]): string | undefined => names.map((name) => headers[name]).find((value) => value !== undefined && value !== '');
