import type { Database } from '../../postgres/database';
import { listParked } from './dead-letters';
import type { ParkedQuery } from './dead-letters';
import { outboxLag } from './lag';
import { logDays } from '../log/partitions';
import { planRedrive, redrive } from './redrive';
import type { RedriveRequest, Selection } from './redrive';
import { redriveProgress, stopRedrive } from './redrive-progress';
import { readReplay, stopReplay } from './replay-progress';
import { planReplay, replay, whyNotReplayable } from './replays';
import type { ReplayRange, ReplayRequest } from './replays';
import { sinkWarnings } from '../relay/sink-warnings';

/** What operators see of the outbox, and do about it. */
export const outboxOperations = (db: Database) => ({
  lag: () => outboxLag(db),
  days: () => logDays(db),
  parked: (query: ParkedQuery) => listParked(db, query),
  plan: (selection: Selection) => planRedrive(db, selection),
  redrive: (id: string, request: RedriveRequest) => redrive(db, id, request),
  progress: (id: string) => redriveProgress(db, id),
  stop: (id: string, operator: string) => stopRedrive(db, id, operator),
  warnings: () => sinkWarnings(db),
  whyNotReplayable: (range: ReplayRange) => whyNotReplayable(db, range),
  planReplay: (range: ReplayRange) => planReplay(db, range),
  replay: (id: string, request: ReplayRequest) => replay(db, id, request),
  replayProgress: (id: string) => readReplay(db, id),
  stopReplay: (id: string, operator: string) => stopReplay(db, id, operator),
});

export type OutboxOperations = ReturnType<typeof outboxOperations>;
