import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildGrammarGraph } from './grammar-graph.ts';
import { Predictions } from './prediction.ts';

test('the grammar is ambiguous only where a minus stands before a number', () => {
  const graph = buildGrammarGraph();
  const predictions = new Predictions(graph);
  const ambiguous: string[] = [];
  let situations = 0;
  for (const { decision, isGrowth, rule } of graph.decisions) {
    if (decision?.looksAhead !== true) continue;
    for (const precedence of isGrowth ? [0, 1, 2, 3] : [0]) {
      for (const situation of predictions.situations(decision.number, precedence)) {
        situations++;
        if (situation.isAmbiguous) ambiguous.push(`${rule.name} ${(situation.chosen ?? []).map(({ alternative }) => alternative).join('/')}`);
      }
    }
  }
  // One more sign or the literal with its sign; the literal with its sign or the operator.
  assert.deepEqual(ambiguous, ['unary 1/2', 'unary 1/3']);
  // What is kept for the next text is small, whatever was parsed.
  assert.ok(situations < 500, String(situations));
});
