/** What a benchmark found: a table for people, JSON for machines. */
export interface Row {
  readonly question: string;
  readonly figure: string;
  /** What is wanted, and in brackets what kube-apiserver 1.36.2 with etcd did on a like machine. */
  readonly goal: string;
}

export interface Benchmark {
  readonly name: string;
  run(): Promise<readonly Row[]>;
}

export function print(rows: readonly Row[]): void {
  const widths = [Math.max(...rows.map((row) => row.question.length)), Math.max(...rows.map((row) => row.figure.length))];
  for (const row of rows) process.stdout.write(`${row.question.padEnd(widths[0] ?? 0)}  ${row.figure.padEnd(widths[1] ?? 0)}  ${row.goal}\n`);
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`;
export const rate = (value: number): string => `${value.toFixed(0)}/s`;
