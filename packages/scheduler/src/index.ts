export { type Attempt, Attempts } from './attempts.ts';
export { ConfigError } from './config-reader.ts';
export { schedulerConfiguration, type SchedulerConfiguration } from './configuration.ts';
export type { Plugin, Snapshot } from './framework.ts';
export { NodeInfo } from './node-info.ts';
export { type Decision, schedule } from './schedule.ts';
export { Scheduler, type SchedulerParts } from './scheduler.ts';
