import type { Command } from 'commander';
import type { ApiClient } from './api-client';
import type { Clock } from '../terminal/clock';
import type { ExitCode } from '../terminal/exit-codes';
import type { OnInterrupt } from '../terminal/interrupts';
import type { Output } from '../terminal/output';

/** What every command works with. */
export interface Session {
  readonly api: ApiClient;
  readonly output: Output;
  readonly clock: Clock;
  readonly onInterrupt: OnInterrupt;
  /** The options with which a printed command reaches the same API. */
  readonly reach: string;
}

/** The options that every command has. */
export interface CommonOptions {
  readonly url?: string;
  readonly apiKey?: string;
  readonly json?: boolean;
}

/** Commands of one scope, which chooses their default API key. */
export interface CommandGroup {
  /** A new command with the common options. */
  readonly command: (name: string, description: string) => Command;
  /** Opens a session from the options, runs the command in it and keeps its exit code. */
  readonly act: (options: CommonOptions, command: (session: Session) => Promise<ExitCode>) => Promise<void>;
}
