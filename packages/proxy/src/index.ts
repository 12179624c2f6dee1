export { type Backend, NftablesBackend } from './backend.ts';
export { KubeProxyConfiguration, proxyConfiguration } from './configuration.ts';
export { type OpenPort, openPort } from './health-server.ts';
export { type HostPort, HostPorts, hostPorts, type HostPortsParts, renderHostPorts } from './host-ports.ts';
export { renderChanges, renderNftables } from './render-nftables.ts';
export { ruleset, type Ruleset } from './ruleset.ts';
export { ServiceProxy, type ServiceProxyParts } from './service-proxy.ts';
export { staleFlows } from './stale-flows.ts';
export { type ServiceEntry, type Table, table, type TableInput, TableMemory } from './table.ts';
