export { assert, AssertionError, defined, unreachable } from './assert.ts';
export { Backoff, type BackoffOptions } from './backoff.ts';
export { type Clock, sleep, VirtualClock } from './clock.ts';
export { type Log, type LogFields, silentLog } from './log.ts';
export { type Count, type Counter, type Gauge, type Histogram, type LabelValues, type MetricDeclaration, type Metrics, noMetrics, type Observer } from './metrics.ts';
export { type Offer, Queue } from './queue.ts';
export { nameSuffix, type Random, type RandomStreams, seededStreams, uuid } from './random.ts';
export type { Runtime } from './runtime.ts';
export { Scope, Stopped } from './scope.ts';
