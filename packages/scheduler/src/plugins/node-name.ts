import { type Plugin, unresolvable } from '../framework.ts';

/** A pod that names its node goes there or nowhere. */
export const nodeName = (): Plugin => ({
  name: 'NodeName',
  unblockedBy: ['node/add'],
  filter: ({ pod }, node) => (pod.spec.nodeName === undefined || pod.spec.nodeName === '' || pod.spec.nodeName === node.name ? 'fits' : unresolvable("node(s) didn't match the requested node name")),
});
