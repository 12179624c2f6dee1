import client from 'prom-client';
import type { Metrics } from '../metrics.ts';

/** Metrics of this process in the Prometheus text format. A name declared twice is one metric. */
export function prometheusMetrics(): Metrics {
  const registry = new client.Registry();
  const once = <M extends client.Metric>(name: string, make: () => M): M => (registry.getSingleMetric(name) as M | undefined) ?? make();
  const options = <L extends string>(d: { name: string; help: string; labels: readonly L[] }) => ({ name: d.name, help: d.help, labelNames: [...d.labels], registers: [registry] });
  return {
    counter(declaration) {
      const counter = once(declaration.name, () => new client.Counter(options(declaration)));
      return { add: (labels, by = 1) => { counter.inc(labels, by); } };
    },
    gauge(declaration) {
      const gauge = once(declaration.name, () => new client.Gauge(options(declaration)));
      return { set: (labels, value) => { gauge.set(labels, value); }, add: (labels, by) => { gauge.inc(labels, by); } };
    },
    histogram(declaration) {
      const histogram = once(declaration.name, () => new client.Histogram({ ...options(declaration), buckets: [...declaration.buckets] }));
      return { observe: (labels, value) => { histogram.observe(labels, value); } };
    },
    render: () => registry.metrics(),
  };
}
