export { Overhead, RuntimeClass, runtimeclasses, Scheduling } from './runtime-class.ts';
