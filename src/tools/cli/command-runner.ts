import type { Scope } from '../../domain/api-keys';
import type { ExitCode } from '../terminal/exit-codes';
import type { Session } from './session';

/** The options that every command has. */
export interface CommonOptions {
  readonly url?: string;
  readonly apiKey?: string;
  readonly json?: boolean;
}

/** Opens a session from the options, runs the command in it and keeps its exit code. The scope chooses the default API key. */
export type CommandRunner = (
  options: CommonOptions,
  command: (session: Session) => Promise<ExitCode>,
  scope?: Scope,
) => Promise<void>;
