import type { Database } from '../../postgres/database';
import { logDays } from '../log/partitions';
import { sinkWarnings } from '../relay/sink-warnings';
import { listParked } from './dead-letters';
import { outboxLag } from './lag';
import { planRedrive, redrive } from './redrive';
import { redriveProgress, stopRedrive } from './redrive-progress';
import { replayProgress, stopReplay } from './replay-progress';
import { planReplay, replay, whyNotReplayable } from './replays';

const OPERATIONS = {
  ...{ outboxLag, logDays, listParked, sinkWarnings },
  ...{ planRedrive, redrive, redriveProgress, stopRedrive },
  ...{ whyNotReplayable, planReplay, replay, replayProgress, stopReplay },
};

type WithoutDatabase<Operation> = Operation extends (db: Database, ...asked: infer Asked) => infer Answer
  ? (...asked: Asked) => Answer
  : never;

/** What operators can see and do about the outbox. */
export type OutboxOperations = { [Name in keyof typeof OPERATIONS]: WithoutDatabase<(typeof OPERATIONS)[Name]> };

/** All of them on one database. */
export function outboxOperations(db: Database): OutboxOperations {
  const operations: [string, (db: Database, ...asked: never[]) => unknown][] = Object.entries(OPERATIONS);
  const onDatabase = operations.map(([name, operation]) => [name, operation.bind(null, db)] as const);
  return Object.fromEntries(onDatabase) as OutboxOperations;
}
