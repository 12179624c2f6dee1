/** Brings counts to 0..100, the highest count to 100. */
import { maxNodeScore, type NodeScore } from '../framework.ts';

export function normalize(scores: readonly NodeScore[]): void {
  const highest = Math.max(0, ...scores.map(({ score }) => score));
  if (highest === 0) return;
  for (const each of scores) each.score = Math.trunc((maxNodeScore * each.score) / highest);
}

/** The lowest count becomes the best. */
export function normalizeReversed(scores: readonly NodeScore[]): void {
  normalize(scores);
  for (const each of scores) each.score = maxNodeScore - each.score;
}
