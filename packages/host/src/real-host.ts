/** The machine this process runs on. */
import { readFileSync } from 'node:fs';
import { connect as connectSocket, type Socket } from 'node:net';
import { arch, cpus, hostname, release, totalmem } from 'node:os';
import type { Host, Sockets } from './host.ts';
import { realFiles } from './real-files.ts';
import { realMounts } from './real-mounts.ts';
import { realProcesses } from './real-processes.ts';

/** A host over the real files, processes, mounts and sockets. Facts are read once, now. */
export function realHost(): Host {
  const processes = realProcesses();
  const files = realFiles();
  return { processes, files, mounts: realMounts(processes, files), sockets, hostname: hostname(), facts: readFacts() };
}

const sockets: Sockets = {
  connect(to, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const socket: Socket = 'path' in to ? connectSocket({ path: to.path }) : connectSocket({ host: to.host, port: to.port, noDelay: true });
      const onAbort = (): void => { socket.destroy(signal?.reason as Error); };
      signal?.addEventListener('abort', onAbort, { once: true });
      const settle = (): void => {
        signal?.removeEventListener('abort', onAbort);
        socket.off('error', onError);
      };
      const onError = (error: Error): void => {
        settle();
        reject(error);
      };
      socket.once('error', onError);
      socket.once('connect', () => {
        settle();
        resolve(socket);
      });
    });
  },
};

/** Go's names, which Kubernetes shows, for Node's names of the processors. */
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

function readFacts(): Host['facts'] {
  const machineId = readLine('/etc/machine-id') ?? readLine('/var/lib/dbus/machine-id') ?? '';
  const osRelease = readText('/etc/os-release') ?? '';
  return {
    architecture: architectures[arch()] ?? arch(),
    kernelVersion: release(),
    osImage: /^PRETTY_NAME="?(.*?)"?$/m.exec(osRelease)?.[1] ?? 'Linux',
    machineId,
    bootId: readLine('/proc/sys/kernel/random/boot_id') ?? '',
    systemUuid: readLine('/sys/class/dmi/id/product_uuid') ?? machineId,
    cpuCount: cpus().length,
    memoryBytes: totalmem(),
  };
}

function readLine(path: string): string | undefined {
  return readText(path)?.trim();
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // an optional fact: absent, or not for us to read
  }
}
