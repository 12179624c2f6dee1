/** Every command, in the order that help shows. */
import type { Command } from '../command.ts';
import { down } from './down.ts';
import { enter } from './enter.ts';
import { kubeconfig } from './kubeconfig.ts';
import { load } from './load.ts';
import { logs } from './logs.ts';
import { node } from './node.ts';
import { server } from './server.ts';
import { status } from './status.ts';
import { stop } from './stop.ts';
import { supervise } from './supervise.ts';
import { up } from './up.ts';
import { version } from './version.ts';

export const commands: readonly Command[] = [up, stop, down, status, logs, load, enter, kubeconfig, version, server, node, supervise];
