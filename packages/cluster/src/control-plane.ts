/** Controllers and scheduler. They meet the API as any client does, over a message port each. */
import { Scope } from '@kaji/base';
import { realRuntime } from '@kaji/base/real';
import { settleLater } from '@kaji/base/real/settle';
import { createClient, type Port, PortTransport } from '@kaji/client';
import { runControllers } from '@kaji/controllers';
import { Scheduler, schedulerConfiguration } from '@kaji/scheduler';
import type { ControlPlaneOptions } from './server.ts';

export interface ControlPlanePorts {
  readonly controllers: Port;
  readonly scheduler: Port;
}

/** Runs until one of them fails; the thread ends with it. */
export async function runControlPlane(ports: ControlPlanePorts, options: ControlPlaneOptions): Promise<void> {
  const runtime = realRuntime();
  settleLater(runtime.clock, 'thread');
  await using scope = new Scope();
  const controllersClient = createClient(new PortTransport(ports.controllers), { userAgent: 'kube-controller-manager' });
  scope.run('controllers', (signal) => runControllers(runtime, { client: controllersClient }, options.controllers, signal));
  const schedulerClient = createClient(new PortTransport(ports.scheduler), { userAgent: 'kube-scheduler' });
  const scheduler = new Scheduler(runtime, { client: schedulerClient, identity: options.identity }, schedulerConfiguration(options.scheduler));
  scope.run('scheduler', (signal) => scheduler.run(signal));
  await scope.join();
}
