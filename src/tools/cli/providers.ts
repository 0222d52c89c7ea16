import type { Command } from 'commander';
import type { ExitCode } from '../terminal/exit-codes';

export interface ProvidersOptions {
  readonly json?: boolean;
}

/** Asks the providers and Postgres rather than the API, so it is passed in. */
export type ShowProviders = (options: ProvidersOptions) => Promise<ExitCode>;

export function addProviders(program: Command, show: (options: ProvidersOptions) => Promise<void>): void {
  program
    .command('providers')
    .description(
      'show who serves each role of each tenant, and whether it can be used (reads PROVIDERS_FILE, the secrets that it names, and DATABASE_URL; without that, the stack of DATA_DIR)',
    )
    .option('--json', 'print one JSON object')
    .action(show);
}
