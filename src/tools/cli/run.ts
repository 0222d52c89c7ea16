import { CommanderError } from 'commander';
import type { Scope } from '../../domain/api-keys';
import { createApiClient } from './api-client';
import type { Clock } from '../terminal/clock';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import type { OnInterrupt } from '../terminal/interrupts';
import { createOutput } from '../terminal/output';
import { Problem } from '../terminal/problem';
import { buildProgram } from './program';
import type { Runners } from './program';
import type { ProvidersOptions, ShowProviders } from './providers';
import type { AfterRestore, AfterRestoreOptions } from './resume';
import type { Streams } from '../terminal/screen';
import { stackAddress } from './stack-address';
import type { Verify, VerifyOptions } from '../verify/command';

export interface Surroundings extends Streams {
  readonly clock: Clock;
  readonly onInterrupt: OnInterrupt;
  /** Where a running stack writes its address. */
  readonly dataDir: string;
  /** Used when a command is not given a key. */
  readonly apiKeys: Readonly<Record<Scope, string>>;
  readonly verify: Verify;
  readonly afterRestore: AfterRestore;
  readonly showProviders: ShowProviders;
}

/** The whole command line without the process around it: arguments in, exit code out. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  let code: ExitCode = EXIT.asPromised;
  const act: Runners['act'] = async (scope, options, command) => {
    const output = createOutput(surroundings, options.json === true);
    try {
      const url = options.url ?? stackAddress(surroundings.dataDir);
      const api = createApiClient({ url, apiKey: options.apiKey ?? surroundings.apiKeys[scope] });
      const reach = options.url === undefined ? '' : ` --url ${options.url}`;
      const { clock, onInterrupt } = surroundings;
      code = await command({ api, output, clock, onInterrupt, reach });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      code = output.fail(error);
    }
  };

  const verify = async (options: VerifyOptions) => void (code = await surroundings.verify(options));
  const afterRestore = async (options: AfterRestoreOptions) => void (code = await surroundings.afterRestore(options));
  const showProviders = async (options: ProvidersOptions) => void (code = await surroundings.showProviders(options));
  const program = buildProgram({ act, verify, afterRestore, showProviders }, surroundings);
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.asPromised;
    // Commander has printed the sentence; a script that asked for JSON also gets it as an object.
    const output = createOutput(surroundings, args.includes('--json'));
    const detail = error.message.replace(/^error: /, '');
    output.answer({ code: 'wrong-usage', title: 'The command was not understood', detail });
    return EXIT.wrongUsage;
  }
}
