/** The thread of controllers and scheduler. A thread shares no compiled code with its process unless told to: that halves what it weighs. */
import { enableCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import type { ControlPlanePorts } from './control-plane.ts';
import type { ControlPlaneOptions } from './server.ts';

const { options, ports, compileCache } = workerData as { options: ControlPlaneOptions; ports: ControlPlanePorts; compileCache: string | undefined }; // what server.ts starts this thread with
if (compileCache !== undefined) enableCompileCache(compileCache);
const { runControlPlane } = await import('./control-plane.ts');
await runControlPlane(ports, options);
