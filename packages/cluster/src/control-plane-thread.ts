/** The thread of controllers and scheduler. They meet the API as any client does, over a message port each. */
import { workerData } from 'node:worker_threads';
import { Scope } from '@kaji/base';
import { realRuntime } from '@kaji/base/real';
import { createClient, type Port, PortTransport } from '@kaji/client';
import { runControllers } from '@kaji/controllers';
import { Scheduler, schedulerConfiguration } from '@kaji/scheduler';
import type { ControlPlaneOptions } from './server.ts';

const { options, controllers, scheduler } = workerData as { options: ControlPlaneOptions; controllers: Port; scheduler: Port }; // what server.ts starts this thread with
const runtime = realRuntime();
await using scope = new Scope();
const controllersClient = createClient(new PortTransport(controllers), { userAgent: 'kube-controller-manager' });
scope.run('controllers', (signal) => runControllers(runtime, { client: controllersClient }, options.controllers, signal));
const schedulerClient = createClient(new PortTransport(scheduler), { userAgent: 'kube-scheduler' });
scope.run('scheduler', (signal) => new Scheduler(runtime, { client: schedulerClient, identity: options.identity }, schedulerConfiguration(options.scheduler)).run(signal));
await scope.join();
