import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { startOptionsOf } from '../../checkouts/workflows';
import type { Call } from '../../checkouts/workflows';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { createOutput } from '../terminal/output';
import { Problem } from '../terminal/problem';
import { progressDisplay } from '../terminal/progress-display';
import type { AfterRestoreOptions } from './resume';
import type { Streams } from '../terminal/screen';
import { lookAtTaskQueue } from '../../deployment/task-queue';
import { openDatabase } from '../../postgres/database';
import type { Database } from '../../postgres/database';
import type { Config } from '../../runtime/config';
import { registerSearchAttributes } from '../../runtime/search-attributes';
import { lazyTemporalClient } from '../../runtime/temporal';
import { keptPayloadKeys } from '../../local/stack/stack-secrets';
import { resumeAfterRestore } from '../../checkouts/recovery/after-restore';

/** One for each order that is being resumed at the same time. */
const CONNECTIONS = 10;
/** An idle worker polls once a minute. */
const SILENT_AFTER_S = 75;

/** All of `durable-checkout resume --after-restore` except the arguments and the process around it. */
export async function afterRestore(
  { reason, json = false }: AfterRestoreOptions,
  streams: Streams,
  config: Config,
): Promise<ExitCode> {
  const output = createOutput(streams, json);
  const display = progressDisplay(output, 'resumed');
  try {
    if (config.DATABASE_URL === '' || config.TEMPORAL_ADDRESS === '') throw storesUnknown();
    const temporal = lazyTemporalClient({
      ...config,
      PAYLOAD_KEYS: config.PAYLOAD_KEYS || keptPayloadKeys(config.DATA_DIR),
    });
    const db = openDatabase(config.DATABASE_URL, { connections: CONNECTIONS, onIdleError: () => undefined });
    try {
      await refuseWhileWorkersPoll(db, temporal.call);
      await temporal.call(({ connection, options }) => registerSearchAttributes(connection, options.namespace));
      const key = randomUUID();
      const act = { reason, operator: `after-restore ${os.userInfo().username}`, idOf: (id: string) => `${id}:${key}` };
      const recovery = { db, call: temporal.call, startOptions: startOptionsOf(config) };
      const done = await resumeAfterRestore(recovery, act, ({ total, resumed }) =>
        display.show({ total, done: resumed, failedAgain: 0 }),
      );
      display.lift();
      output.answer(done);
      output.say(`Ended     ${done.ended} workflows that were ahead of the database`);
      output.say(`Resumed   ${done.resumed} orders that had not ended`);
      if (done.unknown.length > 0) {
        output.say(`Unknown   ${done.unknown.length} of the workflows have no checkout in this database:`);
        for (const workflowId of done.unknown) output.say(`    ${workflowId}`);
      }
      output.say('Now start the workers.');
      return done.unknown.length > 0 ? EXIT.needsAttention : EXIT.asPromised;
    } finally {
      display.lift();
      await Promise.all([temporal.close(), db.close()]);
    }
  } catch (error) {
    return output.fail(problemOf(error));
  }
}

/** A worker would continue a run that is ahead, or a new one before the old ones are gone. The database's clock decides. */
async function refuseWhileWorkersPoll(db: Database, call: Call): Promise<void> {
  const { heard } = await call(lookAtTaskQueue);
  const { rows } = await db.query<{ now: number }>(`select extract(epoch from now())::float8 as now`);
  const silentS = Math.floor((rows[0]?.now ?? 0) - Math.max(...heard.values()));
  if (silentS >= SILENT_AFTER_S) return;
  throw new Problem({
    code: 'workers-poll',
    title: 'A worker is polling, or was until a moment ago',
    detail: `the last poll was ${Math.max(silentS, 0)} s ago; stop every worker, wait ${SILENT_AFTER_S} s and try again`,
  });
}

const storesUnknown = () =>
  new Problem({
    code: 'stores-unknown',
    title: 'The addresses of Postgres and Temporal are not set',
    detail: 'give DATABASE_URL, TEMPORAL_ADDRESS and PAYLOAD_KEYS the values the worker has',
  });

const problemOf = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem(
        {
          code: 'not-resumed',
          title: 'Not every order was resumed; fix the cause and run this again before any worker starts',
          detail: error instanceof Error ? error.message : String(error),
        },
        { cause: error },
      );
