/** The library: a control plane inside your own process. What it takes to run is loaded when the first cluster starts. */
import { enableCompileCache } from 'node:module';
import type { Cluster, StartOptions } from '@kaji/cluster/embedded';

export type { Cluster, Endpoint, ListenOptions, StartOptions } from '@kaji/cluster/embedded';
export type { CausalStep, ObjectRevision, User } from '@kaji/apiserver';
export type { ApiObject, Resource } from '@kaji/api';
export { ApiError, isReason } from '@kaji/api/errors';
export { type Clock, type Log, VirtualClock } from '@kaji/base';
export type { Client, Key, Selection, Transport, WaitOptions } from '@kaji/client';
export { WaitTimeout } from '@kaji/client/wait';

/**
 * Starts a control plane in this process and resolves when its API answers. Leave it with `await using`.
 *
 * Compiled code is kept between runs in the directory that Node chooses, or `NODE_COMPILE_CACHE` names: the second run starts twice as fast.
 */
export async function startCluster(options?: StartOptions): Promise<Cluster> {
  enableCompileCache();
  const embedded = await import('@kaji/cluster/embedded');
  return embedded.startCluster(options);
}
