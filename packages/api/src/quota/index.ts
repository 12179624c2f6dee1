export { addAmounts, type Amounts, isSameAmounts, maxAmounts, onlyNames, subtractAmounts, sumAmounts, withoutZeros } from './amounts.ts';
export { countName, type Evaluator, type QuotaView, type QuotaWrite } from './evaluator.ts';
export { evaluatorOf, isMeasured } from './evaluators.ts';
export { containerTotal, hasPodLevel, isPodLevel, isSidecar, podLimits, podRequests, type ResourceSource } from './pod-resources.ts';
export { isExtendedResource } from './pods.ts';
export { concerns, isInScope, requirementsOf } from './scopes.ts';
