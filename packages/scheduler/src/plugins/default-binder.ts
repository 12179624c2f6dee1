import { pods } from '@kaji/api/core/v1';
import { type Client, keyOf, uidOf } from '@kaji/client';
import type { Plugin } from '../framework.ts';

/** Writes the decision: a Binding of the pod to the node. The uid keeps it from a pod that took the name since. */
export const defaultBinder = (client: Client): Plugin => ({
  name: 'DefaultBinder',
  async bind({ pod }, node) {
    const { namespace, name } = keyOf(pod);
    await client.post(pods, { namespace, name }, 'binding', { apiVersion: 'v1', kind: 'Binding', metadata: { namespace, name, uid: uidOf(pod) }, target: { kind: 'Node', name: node } });
  },
});
