import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { createOutput } from '../terminal/output';
import { Problem } from '../terminal/problem';
import type { Streams } from '../terminal/screen';
import { PROMISE_NAMES } from './command';
import type { PromiseName, VerifyOptions } from './command';
import { openDatabase } from '../../postgres/database';
import type { Queryable } from '../../postgres/database';
import { withoutPostgresSettings } from '../../local/stack/stack-settings';
import { connectionsOf } from './connections';
import type { Settings } from './connections';
import { PROMISES } from './promises';
import { report } from './report';
import type { Verdicts } from './report';
import type { Scene } from './scene';
import type { Verdict } from './verdict';

/** Checks run one at a time. */
const CONNECTIONS = 2;

/** All of `durable-checkout verify` except the arguments and the process around it. */
export async function verify(options: VerifyOptions, streams: Streams, settings: Settings): Promise<ExitCode> {
  const output = createOutput(streams, options.json === true);
  try {
    const connections = connectionsOf(options, settings);
    if (connections.isEmbedded) process.env = withoutPostgresSettings(process.env);
    const db = openDatabase(connections.postgres, { connections: CONNECTIONS, onIdleError: () => undefined });
    try {
      const asOf = await now(db);
      const { sample, settle, attentionExpected = false } = options;
      const scene = { db, connections, asOf, sample, attentionExpected, settleMs: settle * MS_IN_A_SECOND };
      const verdicts = await check(options.only ?? PROMISE_NAMES, scene);
      return report(output, asOf, verdicts) ? EXIT.asPromised : EXIT.notAsPromised;
    } finally {
      await db.close();
    }
  } catch (error) {
    return output.fail(problemOf(error), { ok: false, asOf: null, promises: {} });
  }
}

async function check(wanted: readonly PromiseName[], scene: Scene): Promise<Verdicts> {
  const verdicts: Partial<Record<PromiseName, Verdict>> = {};
  for (const name of PROMISE_NAMES) if (wanted.includes(name)) verdicts[name] = await PROMISES[name].check(scene);
  return verdicts;
}

const MS_IN_A_SECOND = 1_000;

/** By the clock that dates the events. Read first: what is committed after this may or may not be seen. */
async function now(db: Queryable): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>(`select now() as now`);
  const [row] = rows;
  if (!row) throw new Error('No time of day');
  return row.now;
}

/** What prevents a check is reported as a problem: nothing is proved broken, and nothing is proved kept. */
const problemOf = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem(
        { code: 'cannot-look', title: 'The evidence cannot be read', detail: messageOf(error) },
        { cause: error },
      );

/** A refused connection is an AggregateError, whose own message is empty. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${messageOf(error.cause)}` : error.message;
}
