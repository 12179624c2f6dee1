export { type NodeConfig, runNode } from './node.ts';
export { runServer, type ServerConfig } from './server.ts';
