// What the server tells others about itself in ConfigMaps of kube-system. Pure.
import type { ApiObject } from '@kaji/api';
import { type ConfigMap, configmaps } from '@kaji/api/core/v1';
import { formatTime } from '@kaji/schema';
import type { ApiServerConfig } from '../config.ts';
import type { Seed } from '../registry/parts.ts';

export function serverConfigMaps(config: ApiServerConfig, nowMs: number): readonly Seed[] {
  const { clientAuthoritiesPem, requestHeader } = config;
  // Servers behind the aggregation layer learn here whom to believe.
  const authentication: Record<string, string> = {
    ...(clientAuthoritiesPem === undefined ? {} : { 'client-ca-file': clientAuthoritiesPem }),
    ...(requestHeader === undefined ? {} : {
      'requestheader-client-ca-file': requestHeader.authoritiesPem, 'requestheader-allowed-names': JSON.stringify(requestHeader.allowedNames),
      'requestheader-username-headers': JSON.stringify(requestHeader.usernameHeaders), 'requestheader-uid-headers': JSON.stringify(requestHeader.uidHeaders),
      'requestheader-group-headers': JSON.stringify(requestHeader.groupHeaders), 'requestheader-extra-headers-prefix': JSON.stringify(requestHeader.extraHeaderPrefixes),
    }),
  };
  return [
    configMap('extension-apiserver-authentication', authentication),
    // Since when uses of tokens kept in Secrets are noticed: from the first start on.
    configMap('kube-apiserver-legacy-service-account-token-tracking', { since: formatTime(nowMs).slice(0, 10) }),
  ];
}

const configMap = (name: string, data: Record<string, string>): Seed => {
  const object: ConfigMap & ApiObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'kube-system' }, data };
  return { resource: configmaps, object };
};
