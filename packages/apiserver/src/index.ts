export { type Advertised, ApiServer, type ListenOptions } from './api-server.ts';
export { admissionConfiguration } from './admission/configuration.ts';
export { type ApiServerConfig, apiServerDefaults, defaultIssuer, type KubeletAccess, type ServiceAccountConfig } from './config.ts';
export { type RequestHeaderConfig, requestHeaderDefaults } from './authentication/request-header.ts';
export type { StaticToken } from './authentication/static-tokens.ts';
export { type CausalStep, causesOf, historyOf, type ObjectRevision } from './history.ts';
export { kubernetesVersion } from './discovery/version.ts';
export type { Received, Reply, User } from './pipeline/request.ts';
export type { Provenance } from './registry/object-store.ts';
