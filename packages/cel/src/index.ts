export type { Expression, Issue, Literal, Parsed } from './expression.ts';
