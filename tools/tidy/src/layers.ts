/** The one picture of the architecture that cannot go stale: packages from the ground up. A package may import lower rows only. */
export const layers: readonly (readonly string[])[] = [
  ['base', 'host'],
  ['schema', 'cel', 'pki', 'streams'],
  ['api', 'store'],
  ['client', 'cri'],
  ['apiserver', 'controllers', 'scheduler', 'kubelet', 'proxy', 'network', 'dns', 'bootstrap'],
  ['cluster'],
  ['kaji'],
];

/** Imports within a row, each with its reason. */
export const peers: Readonly<Record<string, string>> = {
  'host -> base': 'the machine waits on the clock it is given',
  'cel -> schema': 'expressions have quantities, names, URLs and addresses as values',
};

/** Third-party run-time dependencies, each with its reason. */
export const libraries: Readonly<Record<string, string>> = {
  '@grpc/grpc-js': 'the container runtime speaks gRPC',
  'dns-packet': 'DNS messages',
  'modern-tar': 'image archives',
  'pino': 'logs as JSON lines',
  'prom-client': 'metrics in the Prometheus text format',
  're2js': 'patterns that users send, in linear time and with the syntax and the messages of Go',
  'ws': 'WebSocket framing',
  'yaml': 'YAML with positions, 1.1 booleans and a guard against alias bombs',
};

/** Packages that also run in a browser: they import no `node:` module, but for the folders named here. */
export const portable: Readonly<Record<string, RegExp>> = {
  base: /^src\/real\//,
  schema: /^$/,
  cel: /^$/,
  api: /^$/,
  client: /^src\/http\//,
};

/** Where files, processes and sockets are opened. */
export const machineDoors: readonly RegExp[] = [
  /^packages\/host\//,
  /^packages\/streams\//,
  /^packages\/store\//,
  /^packages\/apiserver\/src\/server\//,
  /^packages\/apiserver\/src\/connect\/fetch\.ts$/,
  /^packages\/apiserver\/src\/discovery\/source-comments\.ts$/,
  /^packages\/client\/src\/http\//,
  /^packages\/cri\/src\//,
  /^packages\/cluster\/src\/(server|control-plane-thread|embedded\/temporary-file)\.ts$/,
  /^packages\/dns\/src\/(dns-server|forward)\.ts$/,
  /^packages\/kubelet\/src\/server\//,
  /^packages\/proxy\/src\/health-server\.ts$/,
  /^packages\/kaji\//,
];

/** Folders of kinds whose types and fields all have the comments that OpenAPI and `kubectl explain` show. */
export const described: readonly string[] = ['packages/api/src/'];
