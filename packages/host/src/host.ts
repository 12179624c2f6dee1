/** The machine behind interfaces: what kaji asks of an operating system, and nothing else. */
import type { Duplex } from 'node:stream';

/** What a command left behind. A command that cannot be started throws HostError. */
export interface Finished {
  /** Exit status; 128 + signal number when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  /** Added to this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** Ends the command with SIGKILL; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface SpawnOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** Output and errors are appended to this file; discarded without it. */
  readonly logFile?: string;
  /** Lives on when this process ends, in a session of its own. */
  readonly isDetached?: boolean;
  /** Shares this process's standard input, output and errors; excludes logFile. */
  readonly usesTerminal?: boolean;
}

export interface Child {
  readonly pid: number;
  /** Resolves when the process has ended. This process stays for that, unless it let go. */
  readonly exited: Promise<number>;
  /** Lets go: this process may end before the child does. */
  release(): void;
  kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT' | 'SIGHUP'): void;
}

export interface Processes {
  run(argv: readonly string[], options?: RunOptions): Promise<Finished>;
  /** Like run, but throws HostError with the command, its status and stderr unless it ended with 0; gives stdout. */
  check(argv: readonly string[], options?: RunOptions): Promise<string>;
  spawn(argv: readonly string[], options?: SpawnOptions): Child;
  /** True while a process of that id lives. */
  isAlive(pid: number): boolean;
  kill(pid: number, signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT' | 'SIGHUP'): void;
}

export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'symlink' | 'socket' | 'other';
  readonly sizeBytes: number;
  readonly mode: number;
  readonly modifiedMs: number;
  readonly uid: number;
  readonly gid: number;
}

export interface WriteFileOptions {
  readonly mode?: number;
  /** Written to a temporary name, synced and renamed: readers see the old or the new, never half. */
  readonly isAtomic?: boolean;
  readonly uid?: number;
  readonly gid?: number;
}

export interface Files {
  /** Undefined when it does not exist. */
  read(path: string): Promise<Uint8Array | undefined>;
  readText(path: string): Promise<string | undefined>;
  write(path: string, content: string | Uint8Array, options?: WriteFileOptions): Promise<void>;
  append(path: string, content: string | Uint8Array): Promise<void>;
  makeDirectory(path: string, options?: { readonly mode?: number }): Promise<void>;
  /** Names in a directory, sorted; empty when it does not exist. */
  list(path: string): Promise<readonly string[]>;
  /** Follows no symlink. Undefined when it does not exist. */
  status(path: string): Promise<FileStatus | undefined>;
  remove(path: string): Promise<void>;
  /** Fails when something is in it. A cgroup goes this way only: its files cannot be removed. */
  removeEmptyDirectory(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  symlink(target: string, path: string): Promise<void>;
  readLink(path: string): Promise<string | undefined>;
  chmod(path: string, mode: number): Promise<void>;
  chown(path: string, uid: number, gid: number): Promise<void>;
  /** Bytes from an offset, at most `length`. */
  readAt(path: string, offset: number, length: number): Promise<Uint8Array>;
  /** Bytes on disk of a file, or of everything below a directory; 0 when it does not exist. What goes while it is counted is not counted. */
  usedBytes(path: string): Promise<number>;
  usage(path: string): Promise<{ readonly capacityBytes: number; readonly availableBytes: number; readonly inodes: number; readonly freeInodes: number }>;
  /** Yields whenever something in the file or directory changed, until the signal. Changes in between are one. */
  watch(path: string, signal: AbortSignal): AsyncIterable<void>;
}

export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** A mount as the kernel lists it. */
export interface MountedMount extends Mount {
  /** Which directory of the file system is mounted; for a pinned namespace its identity, such as `net:[4026532281]`. */
  readonly root: string;
}

export interface Mounts {
  mount(mount: Mount): Promise<void>;
  /** Nothing happens when it is not mounted. */
  unmount(target: string): Promise<void>;
  /** Every mount this process sees. */
  list(): Promise<readonly MountedMount[]>;
}

export interface Sockets {
  connect(to: { readonly host: string; readonly port: number } | { readonly path: string }, signal?: AbortSignal): Promise<Duplex>;
}

/** The machine. Everything that touches it goes through here, so that a simulation can stand in for it. */
export interface Host {
  readonly processes: Processes;
  readonly files: Files;
  readonly mounts: Mounts;
  readonly sockets: Sockets;
  readonly hostname: string;
  /** Facts that do not change while the machine runs. */
  readonly facts: {
    readonly architecture: string;
    readonly kernelVersion: string;
    readonly osImage: string;
    readonly machineId: string;
    readonly bootId: string;
    readonly systemUuid: string;
    readonly cpuCount: number;
    readonly memoryBytes: number;
  };
}

/** The machine said no: what was tried, what it answered. */
export class HostError extends Error {
  override readonly name = 'HostError';
}
