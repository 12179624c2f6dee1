export { type Child, type Files, type FileStatus, type Finished, type Host, HostError, type Mount, type MountedMount, type Mounts, type Processes, type RunOptions, type Sockets, type SpawnOptions, type WriteFileOptions } from './host.ts';
export { realHost } from './real-host.ts';
