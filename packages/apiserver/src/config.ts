// How an API server is set up. Inside, nothing is optional but what may be absent from a server altogether.
import { type PodSecurityConfig, podSecurityDefaults } from './admission/pod-security/configuration.ts';
import type { LimitedResource } from './admission/resource-quota/configuration.ts';
import type { RequestHeaderConfig } from './authentication/request-header.ts';
import type { StaticToken } from './authentication/static-tokens.ts';
import type { InFlightLimits } from './pipeline/in-flight.ts';

export interface ServiceAccountConfig {
  /** The URL that stands in tokens; clients of other systems fetch `/.well-known/openid-configuration` under it. */
  readonly issuer: string;
  /** Who this server is to tokens; the first is what tokens are for that name no audience. */
  readonly audiences: readonly string[];
  /** Signs new tokens. */
  readonly privateKeyPem: string;
  /** Tokens signed by any of these are believed; holds the private key's other half. */
  readonly publicKeyPems: readonly string[];
}

/** How the server reaches kubelets: who it is to them, and whom it believes. */
export interface KubeletAccess {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly authoritiesPem: string;
}

export interface ApiServerConfig {
  /** CIDRs, the primary one first. */
  readonly serviceClusterIpRanges: readonly string[];
  readonly serviceNodePortRange: { readonly first: number; readonly last: number };
  readonly serviceAccounts: ServiceAccountConfig;
  /** Who vouches for client certificates; without it none is believed. */
  readonly clientAuthoritiesPem: string | undefined;
  readonly requestHeader: RequestHeaderConfig | undefined;
  readonly staticTokens: readonly StaticToken[];
  readonly areBootstrapTokensAllowed: boolean;
  readonly isAnonymousAllowed: boolean;
  /** Names of admission steps that this server leaves out. */
  readonly disabledAdmission: readonly string[];
  /** Names of those that are off by default and that this server runs. */
  readonly enabledAdmission: readonly string[];
  readonly podSecurity: PodSecurityConfig;
  /** What nobody may use without a quota that grants it. */
  readonly limitedResources: readonly LimitedResource[];
  readonly kubelet: KubeletAccess | undefined;
  readonly inFlight: InFlightLimits;
  readonly requestTimeoutMs: number;
  /** The commit this build was made of, shown by /version. */
  readonly commit: string;
}

/** Upstream's defaults. What has no default has to be decided by whoever sets a server up. */
export const apiServerDefaults = {
  serviceClusterIpRanges: ['10.96.0.0/12'],
  serviceNodePortRange: { first: 30_000, last: 32_767 },
  clientAuthoritiesPem: undefined,
  requestHeader: undefined,
  staticTokens: [],
  areBootstrapTokensAllowed: true,
  isAnonymousAllowed: true,
  disabledAdmission: [],
  enabledAdmission: [],
  podSecurity: podSecurityDefaults,
  limitedResources: [],
  kubelet: undefined,
  inFlight: { readOnly: 400, mutating: 200 },
  requestTimeoutMs: 60_000,
  commit: '',
} as const satisfies Omit<ApiServerConfig, 'serviceAccounts'>;

export const defaultIssuer = 'https://kubernetes.default.svc.cluster.local';
