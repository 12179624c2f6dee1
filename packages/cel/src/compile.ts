/** From a text to a checked expression that could run. */
import { check, type Checked } from './check.ts';
import { programProblem } from './constants.ts';
import type { Environment } from './environment.ts';
import { formatIssues } from './issues-text.ts';
import { literalIssues } from './literal-rules.ts';
import { parse } from './parse.ts';

/** A checked expression, or why the text is none. */
export type Compiled = { readonly checked: Checked } | { readonly problem: string };

/** Parses and checks a text, with what Kubernetes asks of literals. */
export function compile(text: string, environment: Environment): Compiled {
  const parsed = parse(text, { macros: environment.macros });
  if ('issues' in parsed) return { problem: `compilation failed: ${formatIssues(text, parsed.issues)}` };
  const checked = check(parsed.expression, environment);
  if ('issues' in checked) return { problem: `compilation failed: ${formatIssues(text, checked.issues)}` };
  const issues = literalIssues(checked);
  return issues.length === 0 ? { checked } : { problem: `compilation failed: ${formatIssues(text, issues)}` };
}

/** Why a program cannot be made of a checked expression. Kubernetes: this comes after its type is looked at. */
export function instantiationProblem(checked: Checked, environment: Environment): string | undefined {
  const problem = programProblem(checked, environment);
  return problem === undefined ? undefined : `program instantiation failed: ${problem}`;
}
