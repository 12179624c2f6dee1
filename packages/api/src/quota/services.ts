/** Services use up node ports and load balancers, by their type. Pure. */
import type { Service } from '../core/v1/service.ts';
import type { ApiObject } from '../resource.ts';
import { countName, type Evaluator } from './evaluator.ts';

const serviceCount = countName({ group: '', plural: 'services' });
const tracked: ReadonlySet<string> = new Set([serviceCount, 'services', 'services.nodeports', 'services.loadbalancers']);

const costlyType = ({ spec: { type } }: Service): string => (type === 'NodePort' || type === 'LoadBalancer' ? type : '');

export const serviceEvaluator: Evaluator<Service & ApiObject> = {
  handles: ({ operation, subresource }) => subresource === '' && (operation === 'CREATE' || operation === 'UPDATE'),
  isTracked: (name) => tracked.has(name),
  matchesScope: () => false,
  usage({ spec: { type, ports = [], allocateLoadBalancerNodePorts } }) {
    const isBalanced = type === 'LoadBalancer';
    // Kubernetes: ports are counted before they are allotted, by what will be; where none will, by those that are named.
    const isSparing = isBalanced && allocateLoadBalancerNodePorts === false;
    const nodePorts = isSparing ? ports.filter(({ nodePort = 0 }) => nodePort !== 0).length : isBalanced || type === 'NodePort' ? ports.length : 0;
    return { [serviceCount]: '1', services: '1', 'services.loadbalancers': isBalanced ? '1' : '0', 'services.nodeports': String(nodePorts) };
  },
  isReplenishing: (service, old) => costlyType(service) !== costlyType(old),
};
