/** What a metric is: declared in a component's `metrics.ts`, beside its use. */
export interface MetricDeclaration<Label extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
}

export type LabelValues<Label extends string> = Readonly<Record<Label, string>>;

export interface Counter<Label extends string> {
  add(labels: LabelValues<Label>, by?: number): void;
  /** One series of it, for where every count has the same labels: no search for the series then. */
  with(labels: LabelValues<Label>): Count;
}
export interface Count {
  add(by?: number): void;
}
export interface Gauge<Label extends string> {
  set(labels: LabelValues<Label>, value: number): void;
  add(labels: LabelValues<Label>, by: number): void;
}
export interface Histogram<Label extends string> {
  observe(labels: LabelValues<Label>, value: number): void;
  /** As of a counter. */
  with(labels: LabelValues<Label>): Observer;
}
export interface Observer {
  observe(value: number): void;
}

/** The registry of one process or component; `render` gives the Prometheus text format. */
export interface Metrics {
  counter<Label extends string>(declaration: MetricDeclaration<Label>): Counter<Label>;
  gauge<Label extends string>(declaration: MetricDeclaration<Label>): Gauge<Label>;
  histogram<Label extends string>(declaration: MetricDeclaration<Label> & { readonly buckets: readonly number[] }): Histogram<Label>;
  /** Called before each rendering, to set what is looked up rather than counted. */
  onRender(update: () => void): void;
  render(): Promise<string>;
}

/** Counts nothing. */
export const noMetrics: Metrics = {
  counter: () => ({ add: () => undefined, with: () => ({ add: () => undefined }) }),
  gauge: () => ({ set: () => undefined, add: () => undefined }),
  histogram: () => ({ observe: () => undefined, with: () => ({ observe: () => undefined }) }),
  onRender: () => undefined,
  render: () => Promise.resolve(''),
};
