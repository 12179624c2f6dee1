export type { Expression, Issue, Literal, Parsed } from './expression.ts';
export { formatIssues } from './issues-text.ts';
export { kubernetesMacros } from './library-macros.ts';
export { parse } from './parse.ts';
