import { HostError } from '@kaji/host';

/** The machine refused: a file that cannot be written, a mount that fails. Anything else is a mistake of ours. */
export const isMachineError = (error: unknown): error is Error => error instanceof HostError || (error instanceof Error && 'syscall' in error);
