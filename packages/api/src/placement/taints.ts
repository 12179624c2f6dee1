/** Which taints of a node a pod bears. */
import type { Taint, Toleration } from '../core/v1/index.ts';

/** Kubernetes: an empty key with `Exists` tolerates everything, an empty effect every effect. */
export function tolerates(toleration: Toleration, taint: Pick<Taint, 'key' | 'value' | 'effect'>): boolean {
  const { key = '', operator = 'Equal', value = '', effect } = toleration;
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return operator === 'Equal' && value === (taint.value ?? '');
}

export const isTolerated = (tolerations: readonly Toleration[], taint: Pick<Taint, 'key' | 'value' | 'effect'>): boolean => tolerations.some((toleration) => tolerates(toleration, taint));
