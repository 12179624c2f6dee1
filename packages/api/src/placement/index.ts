/** Which nodes a pod may go to and stay on: asked by the scheduler, the controllers and whoever looks ahead. */
export { clashes, type HostPort, hostPortsOf } from './host-ports.ts';
export { boundNodeNames, matchesSelector, matchesTerm, requiredMatch } from './node-selector.ts';
export { isTolerated, tolerates } from './taints.ts';
