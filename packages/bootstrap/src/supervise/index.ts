/** What a supervisor needs, apart from the rest of bootstrap: it runs for as long as a cluster does and should weigh little. */
export { type Layout, layoutOf } from '../layout.ts';
export { haveNamespaces } from '../namespaces/namespaces.ts';
export { hostAddress } from '../addresses.ts';
export { planResolver, type Resolver } from '../resolver.ts';
export { type ClusterSettings, findLayout, isClusterName, readSettings } from '../settings.ts';
export { componentsOf, logOf, type Program, supervisorProgram } from './components.ts';
export { isAlive, livingProcesses, type ProcessRecord, startTicksOf } from './process-record.ts';
export { type Component, Supervisor, type SupervisorConfig } from './supervisor.ts';
