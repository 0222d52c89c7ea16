import { CommanderError } from 'commander';
import { EXIT } from '../../src/tools/terminal/exit-codes';

/**
 * Runs a program of this folder, and exits with its code. Ctrl-C aborts the signal, so that results so far can still be reported. A second
 * Ctrl-C exits immediately, and what was started ends too (`dead-mans-switch.ts`).
 */
export function runProgram(main: (interrupt: AbortSignal) => Promise<number>): void {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (interrupted.signal.aborted) process.exit(EXIT.notAsPromised);
      interrupted.abort();
    });
  }
  main(interrupted.signal).then(
    (code) => process.exit(code),
    (error: unknown) => {
      // Commander has printed the message, or the help.
      if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? EXIT.asPromised : EXIT.wrongUsage);
      // The person who pressed Ctrl-C knows.
      if (!interrupted.signal.aborted || error !== interrupted.signal.reason) console.error(error);
      process.exit(EXIT.notAsPromised);
    },
  );
}
