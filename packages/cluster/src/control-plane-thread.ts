/** The thread of controllers and scheduler. */
import { flushCompileCache } from 'node:module';
import { isMainThread, workerData } from 'node:worker_threads';
import { type ControlPlanePorts, runControlPlane } from './control-plane.ts';
import type { ControlPlaneOptions } from './server.ts';

// Outside a thread it is imported for its compiled code alone.
if (!isMainThread) {
  flushCompileCache(); // a process that is killed would not leave it to the next
  const { options, ports } = workerData as { options: ControlPlaneOptions; ports: ControlPlanePorts }; // what server.ts starts this thread with
  await runControlPlane(ports, options);
}
