import { type Plugin, unresolvable } from '../framework.ts';

/**
 * Keeps pods that ask for devices by resource claims (KEP-4381) from nodes. No driver's slices are counted
 * and no device is allocated yet, so such a pod waits, and is told so; it must never run without its device.
 */
export const dynamicResources = (): Plugin => ({
  name: 'DynamicResources',
  preFilter: ({ pod }) => ((pod.spec.resourceClaims ?? []).length === 0 ? 'skip' : unresolvable('cannot allocate all claims')),
  postFilter: ({ pod }) => ({ message: (pod.spec.resourceClaims ?? []).length === 0 ? 'no new claims to deallocate' : 'still not schedulable' }),
});
