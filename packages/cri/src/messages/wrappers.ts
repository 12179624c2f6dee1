/** What the messages of the container runtime interface share: enumerations as words, bytes as bytes, numbers that may be absent. */
import { Field, int64, message, oneOf, uint64 } from '@kaji/schema';

/** An enumeration: its value is a word, on the wire the word's place in the list. */
export const enumeration = oneOf;

/** Bytes that stay bytes: unlike the API's objects, these messages never become JSON. */
export const binary = (number: number): Field<Uint8Array> => new Field(number, 'scalar', 'bytes');

export class Int64Value extends message('runtime.v1.Int64Value', { value: int64(1).required() }) {}

export class UInt64Value extends message('runtime.v1.UInt64Value', { value: uint64(1).required() }) {}

export const containerEventTypeValues = ['created', 'started', 'stopped', 'deleted'] as const;
export const containerStateValues = ['created', 'running', 'exited', 'unknown'] as const;
export const mountPropagationValues = ['private', 'hostToContainer', 'bidirectional'] as const;
export const namespaceModeValues = ['pod', 'container', 'node', 'target'] as const;
export const podSandboxStateValues = ['ready', 'notReady'] as const;
export const protocolValues = ['TCP', 'UDP', 'SCTP'] as const;
export const profileTypeValues = ['runtimeDefault', 'unconfined', 'localhost'] as const;
export const supplementalGroupsPolicyValues = ['merge', 'strict'] as const;
export const signalValues = ['RUNTIME_DEFAULT', 'SIGABRT', 'SIGALRM', 'SIGBUS', 'SIGCHLD', 'SIGCLD', 'SIGCONT', 'SIGFPE', 'SIGHUP', 'SIGILL', 'SIGINT', 'SIGIO', 'SIGIOT', 'SIGKILL', 'SIGPIPE', 'SIGPOLL', 'SIGPROF', 'SIGPWR', 'SIGQUIT', 'SIGSEGV', 'SIGSTKFLT', 'SIGSTOP', 'SIGSYS', 'SIGTERM', 'SIGTRAP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGURG', 'SIGUSR1', 'SIGUSR2', 'SIGVTALRM', 'SIGWINCH', 'SIGXCPU', 'SIGXFSZ', 'SIGRTMIN', 'SIGRTMINPLUS1', 'SIGRTMINPLUS2', 'SIGRTMINPLUS3', 'SIGRTMINPLUS4', 'SIGRTMINPLUS5', 'SIGRTMINPLUS6', 'SIGRTMINPLUS7', 'SIGRTMINPLUS8', 'SIGRTMINPLUS9', 'SIGRTMINPLUS10', 'SIGRTMINPLUS11', 'SIGRTMINPLUS12', 'SIGRTMINPLUS13', 'SIGRTMINPLUS14', 'SIGRTMINPLUS15', 'SIGRTMAXMINUS14', 'SIGRTMAXMINUS13', 'SIGRTMAXMINUS12', 'SIGRTMAXMINUS11', 'SIGRTMAXMINUS10', 'SIGRTMAXMINUS9', 'SIGRTMAXMINUS8', 'SIGRTMAXMINUS7', 'SIGRTMAXMINUS6', 'SIGRTMAXMINUS5', 'SIGRTMAXMINUS4', 'SIGRTMAXMINUS3', 'SIGRTMAXMINUS2', 'SIGRTMAXMINUS1', 'SIGRTMAX'] as const;
