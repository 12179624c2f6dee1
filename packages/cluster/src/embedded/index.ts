export type { Cluster, Endpoint, ListenOptions, StartOptions } from './cluster.ts';
export { startCluster } from './start-cluster.ts';
