import client from 'prom-client';
import type { Metrics } from '../metrics.ts';

/** Metrics of this process in the Prometheus text format. A name declared twice is one metric. */
export function prometheusMetrics(): Metrics {
  const registry = new client.Registry();
  const updates: (() => void)[] = [];
  tellOfProcess(registry);
  const once = <M extends client.Metric>(name: string, make: () => M): M => (registry.getSingleMetric(name) as M | undefined) ?? make();
  const options = <L extends string>(d: { name: string; help: string; labels: readonly L[] }) => ({ name: d.name, help: d.help, labelNames: [...d.labels], registers: [registry] });
  return {
    counter(declaration) {
      const counter = once(declaration.name, () => new client.Counter(options(declaration)));
      return {
        add: (labels, by = 1) => { counter.inc(labels, by); },
        // The library looks a series up by its labels at every count: here that is left to the rendering.
        with(labels) {
          let pending = 0;
          updates.push(() => {
            counter.inc(labels, pending);
            pending = 0;
          });
          return { add: (by = 1) => { pending += by; } };
        },
      };
    },
    gauge(declaration) {
      const gauge = once(declaration.name, () => new client.Gauge(options(declaration)));
      return { set: (labels, value) => { gauge.set(labels, value); }, add: (labels, by) => { gauge.inc(labels, by); } };
    },
    histogram(declaration) {
      const histogram = once(declaration.name, () => new client.Histogram({ ...options(declaration), buckets: [...declaration.buckets] }));
      return { observe: (labels, value) => { histogram.observe(labels, value); }, with: (labels) => histogram.labels(labels) };
    },
    onRender: (update) => { updates.push(update); },
    render() {
      for (const update of updates) update();
      return registry.metrics();
    },
  };
}

/** What any process tells, under the names that Prometheus has for it. */
function tellOfProcess(registry: client.Registry): void {
  const registers = [registry];
  new client.Gauge({ name: 'process_start_time_seconds', help: 'When the process began, in seconds since 1970.', registers }).set(Math.round(performance.timeOrigin / 1000));
  new client.Gauge({ name: 'process_resident_memory_bytes', help: 'Memory that the process has in use.', registers, collect() { this.set(process.memoryUsage.rss()); } });
  new client.Counter({ name: 'process_cpu_seconds_total', help: 'Seconds of processor time that were spent.', registers, collect() {
    const { user, system } = process.cpuUsage();
    this.reset();
    this.inc((user + system) / 1e6);
  } });
}
