/** Every command, in the order that help shows. Each is loaded when it is asked for: a small one should not wait, and weigh, for the large ones. */
import type { Entry } from '../command.ts';

export const commands: readonly Entry[] = [
  { name: 'up', load: async () => (await import('./up.ts')).up },
  { name: 'stop', load: async () => (await import('./stop.ts')).stop },
  { name: 'down', load: async () => (await import('./down.ts')).down },
  { name: 'status', load: async () => (await import('./status.ts')).status },
  { name: 'logs', load: async () => (await import('./logs.ts')).logs },
  { name: 'load', load: async () => (await import('./load.ts')).load },
  { name: 'enter', load: async () => (await import('./enter.ts')).enter },
  { name: 'kubeconfig', load: async () => (await import('./kubeconfig.ts')).kubeconfig },
  { name: 'version', load: async () => (await import('./version.ts')).version },
  { name: 'server', load: async () => (await import('./server.ts')).server },
  { name: 'node', load: async () => (await import('./node.ts')).node },
  { name: 'dns', load: async () => (await import('./dns.ts')).dns },
  { name: 'supervise', load: async () => (await import('./supervise.ts')).supervise },
];
