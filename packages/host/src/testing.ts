export { SimulatedFiles } from './simulated/files.ts';
export { type Command, simulatedHost, type SimulatedHost, type SimulatedHostOptions, type SimulatedProcess } from './simulated/host.ts';
