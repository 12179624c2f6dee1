export { cniFileName, renderCniConfig } from './cni.ts';
export { masqueradeTable, renderMasquerade } from './masquerade.ts';
export { PodNetwork, type PodNetworkConfig } from './pod-network.ts';
export { desiredRoutes, parseRoutes, podRangesOf, type Route, routeChanges, routeProtocol } from './routes.ts';
