export { type ControllersConfig, controllersOf, runControllers } from './run-controllers.ts';
export type { Caches, Controller, EventSink, Outcome, ReconcileContext, Watch } from './controller.ts';
