/** Tells of the phases of a long command: one line each, with how long it took. */
import type { Runtime } from '@kaji/base';

export interface Phases {
  /** Prints the line when the work is done; what it gives is added in parentheses when it is a text. */
  run<T>(title: string, work: () => Promise<T>): Promise<T>;
}

export interface PhaseOutput {
  readonly isTerminal: boolean;
  out(text: string): void;
}

export function phaseReporter(runtime: Runtime, output: PhaseOutput): Phases {
  const { isTerminal } = output;
  return {
    async run(title, work) {
      const startedAt = runtime.clock.monotonic();
      // On a terminal the phase that takes long shows at once, and is written over.
      if (isTerminal) output.out(`  ${title} ...`);
      const clear = isTerminal ? '\r\u001B[K' : '';
      try {
        const result = await work();
        const detail = typeof result === 'string' && result !== '' ? ` (${result})` : '';
        output.out(`${clear}✓ ${title}${detail} ${formatMs(runtime.clock.monotonic() - startedAt)}\n`);
        return result;
      } catch (error) {
        output.out(`${clear}✗ ${title} ${formatMs(runtime.clock.monotonic() - startedAt)}\n`);
        throw error;
      }
    },
  };
}

const formatMs = (ms: number): string => `${Math.round(ms)} ms`;
