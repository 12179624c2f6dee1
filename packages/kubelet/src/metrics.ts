/** What the kubelet counts, under upstream's names. */
import type { MetricDeclaration } from '@kaji/base';

export const runningPods: MetricDeclaration<never> = { name: 'kubelet_running_pods', help: 'Pods whose sandbox runs', labels: [] };
export const runningContainers: MetricDeclaration<'container_state'> = { name: 'kubelet_running_containers', help: 'Containers by their state', labels: ['container_state'] };
export const nodeName: MetricDeclaration<'node'> = { name: 'kubelet_node_name', help: 'The name of the node; always 1', labels: ['node'] };
