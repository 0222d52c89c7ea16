import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';

/** The histories cannot be fetched, which says nothing about the code: a sentence for people, and the exit code. */
export class SourceUnavailable extends Error {
  constructor(
    message: string,
    readonly code: ExitCode = EXIT.notAsPromised,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
