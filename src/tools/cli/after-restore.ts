import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { startOptionsOf } from '../../checkouts/workflow-starter';
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
import type { Call } from '../../checkouts/recovery/call';

/** As many orders as are resumed at once. */
const CONNECTIONS = 10;
/** An idle worker asks for work once a minute. */
const SILENT_AFTER_S = 75;

/** The whole of `durable-checkout resume --after-restore` but for the arguments and the process around it. */
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
      output.say(`Resumed   ${done.resumed} orders that have not ended`);
      if (done.unknown.length > 0) {
        output.say(`Unknown   ${done.unknown.length} of the workflows had no checkout in this database:`);
        for (const workflowId of done.unknown) output.say(`    ${workflowId}`);
      }
      output.say('Start the workers now.');
      return done.unknown.length > 0 ? EXIT.needsAttention : EXIT.asPromised;
    } finally {
      display.lift();
      await Promise.all([temporal.close(), db.close()]);
    }
  } catch (error) {
    return output.fail(problemOf(error));
  }
}

/** A worker would go on with a run that is ahead, or with a new one before the old ones are gone. Both by the database's clock. */
async function refuseWhileWorkersPoll(db: Database, call: Call): Promise<void> {
  const { heard } = await call(lookAtTaskQueue);
  const { rows } = await db.query<{ now: number }>(`select extract(epoch from now())::float8 as now`);
  const silentS = Math.floor((rows[0]?.now ?? 0) - Math.max(...heard.values()));
  if (silentS >= SILENT_AFTER_S) return;
  throw new Problem({
    code: 'workers-poll',
    title: 'A worker polls, or did a moment ago',
    detail: `one asked for work ${Math.max(silentS, 0)} s ago: stop every worker, and try again ${SILENT_AFTER_S} s after the last one stopped`,
  });
}

const storesUnknown = () =>
  new Problem({
    code: 'stores-unknown',
    title: 'It is not known where Postgres and Temporal are',
    detail: 'set DATABASE_URL and TEMPORAL_ADDRESS (and PAYLOAD_KEYS) as the worker has them',
  });

const problemOf = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem(
        {
          code: 'not-resumed',
          title: 'Not all is resumed: mend what is said here, and do it again before any worker starts',
          detail: error instanceof Error ? error.message : String(error),
        },
        { cause: error },
      );
