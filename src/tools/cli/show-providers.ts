import { readStackFile } from '../../local/stack/stack-file';
import { openDatabase } from '../../postgres/database';
import { ProvidersFileError } from '../../providers/mistakes';
import { sandboxIn } from '../../providers/sandbox-in';
import { canBeUsed, providerStandings } from '../../providers/standings';
import type { Standing } from '../../providers/standings';
import type { Config } from '../../runtime/config';
import { inColumns, minuteOf } from '../terminal/columns';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { createOutput } from '../terminal/output';
import { Problem } from '../terminal/problem';
import type { Streams } from '../terminal/screen';
import type { ProvidersOptions } from './providers';

const HEAD = ['TENANT', 'ROLE', 'ADAPTER', 'REACHABLE', 'BREAKER'];
const CONNECTIONS = 2;

/** Where the processes of the running stack, or of the environment, find their providers. */
type Surroundings = Pick<Config, 'DATABASE_URL' | 'SANDBOX_URL' | 'SANDBOX_SECRET' | 'PROVIDERS_FILE'>;

/** Shows who serves each role of each tenant. Exits with 1 if one cannot be used. */
export async function showProviders(
  { json = false }: ProvidersOptions,
  streams: Streams,
  config: Config,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ExitCode> {
  const output = createOutput(streams, json);
  try {
    const surroundings = surroundingsOf(config);
    const { SANDBOX_SECRET } = surroundings;
    const standings = await standingsOf(surroundings, { ...environment, SANDBOX_SECRET });
    const ok = standings.every(canBeUsed);
    output.answer({ ok, providers: standings });
    const [head = '', ...rows] = inColumns([HEAD, ...standings.map(cellsOf)]);
    output.draw([{ text: head, style: 'dim' }]);
    for (const [at, standing] of standings.entries()) {
      output.draw([{ text: rows[at] ?? '', ...(canBeUsed(standing) ? {} : { style: 'red' }) }]);
      for (const line of standing.why?.split('\n') ?? []) output.say(`    ${line.trim()}`);
    }
    return ok ? EXIT.asPromised : EXIT.notAsPromised;
  } catch (error) {
    if (!(error instanceof ProvidersFileError)) return output.fail(problemOf(error));
    // A line for each mistake, as the worker prints them.
    for (const line of error.message.split('\n')) output.complain(line);
    output.answer(problemOf(error).document);
    return EXIT.notAsPromised;
  }
}

function surroundingsOf({ DATA_DIR, ...config }: Config): Surroundings {
  if (config.DATABASE_URL !== '') return config;
  try {
    const { postgres, sandbox, sandboxSecret, providersFile = '' } = readStackFile(DATA_DIR);
    return {
      DATABASE_URL: postgres,
      SANDBOX_URL: config.SANDBOX_URL || sandbox,
      SANDBOX_SECRET: config.SANDBOX_SECRET || sandboxSecret,
      PROVIDERS_FILE: config.PROVIDERS_FILE || providersFile,
    };
  } catch (cause) {
    throw new Problem(
      {
        code: 'database-unknown',
        title: 'The address of Postgres is not set, and no stack is running',
        detail: 'give DATABASE_URL, SANDBOX_URL and PROVIDERS_FILE the values that the worker has, or DATA_DIR',
      },
      { cause },
    );
  }
}

async function standingsOf(
  surroundings: Surroundings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Standing[]> {
  const db = openDatabase(surroundings.DATABASE_URL, { connections: CONNECTIONS, onIdleError: () => undefined });
  try {
    return await providerStandings({
      ...{ file: surroundings.PROVIDERS_FILE, sandbox: sandboxIn(surroundings), environment },
      lent: { db },
    });
  } finally {
    await db.close();
  }
}

const REACHABLE = new Map([
  [true, 'yes'],
  [false, 'NO'],
  [null, 'not asked'],
]);

const cellsOf = ({ tenant, role, adapter, retired, reachable, breaker, breakerSince }: Standing): string[] => [
  tenant ?? '(all others)',
  role,
  `${adapter ?? 'none'}${retired ? ' (retired)' : ''}`,
  REACHABLE.get(reachable) ?? '',
  breakerSince === null ? breaker : `${breaker} since ${minuteOf(breakerSince)}`,
];

const problemOf = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem(
        {
          code: 'providers-unknown',
          title: 'The providers could not be looked up',
          detail: error instanceof Error ? error.message : String(error),
        },
        { cause: error },
      );
