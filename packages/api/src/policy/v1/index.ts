export { Eviction } from './eviction.ts';
export { PodDisruptionBudget, poddisruptionbudgets, PodDisruptionBudgetSpec, PodDisruptionBudgetStatus } from './pod-disruption-budget.ts';
