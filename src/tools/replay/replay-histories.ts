import type { HistoryAndWorkflowId } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { ReplayResult, ReplayWorkerOptions } from '@temporalio/worker';
import type { Candidate } from './candidate';
import { divergence } from './divergence';
import { failureReader } from './failure-reader';
import { unreadable } from './outcome';
import type { Outcome } from './outcome';
import { whyNotReplayable } from './why-not-replayable';

/** A replay takes milliseconds; a page of histories from a server takes less than this. */
const PATIENCE_MS = 30_000;
const STUCK = Symbol('stuck');

type Recorded = Extract<Candidate, { history: unknown }>;

/** Replays one history after another, and yields the outcome of each, unreadable ones included. */
export async function* replayHistories(
  worker: ReplayWorkerOptions,
  candidates: AsyncIterable<Candidate>,
): AsyncGenerator<Outcome> {
  const passedOver: Outcome[] = [];
  let current: Recorded | undefined;

  async function* replayable(): AsyncGenerator<HistoryAndWorkflowId> {
    for await (const candidate of candidates) {
      const why = 'history' in candidate ? whyNotReplayable(candidate.history) : candidate.unreadable;
      if (why !== undefined || !('history' in candidate)) {
        passedOver.push(unreadable(candidate.name, why ?? ''));
        continue;
      }
      current = candidate;
      yield candidate;
    }
  }

  const failures = failureReader();
  const payloadCodecs = [failures.codec, ...(worker.dataConverter?.payloadCodecs ?? [])];
  const options = { ...worker, dataConverter: { ...worker.dataConverter, payloadCodecs } };
  const results = Worker.runReplayHistories(options, replayable());
  for (;;) {
    const next = await orStuck(results.next());
    yield* passedOver.splice(0);
    if (next === STUCK) {
      // No more answers will come, so the histories after this one are not tried.
      yield unreadable(current?.name ?? 'the next one', `No answer within ${PATIENCE_MS / 1_000} s.`);
      return;
    }
    if (next.done === true) return;
    if (current) yield outcomeOf(current, next.value, failures.takeLast());
    current = undefined;
  }
}

// The SDK returns errors as values here; it does not throw them.
const outcomeOf = ({ name, history }: Recorded, { error }: ReplayResult, said: string | undefined): Outcome => ({
  history: name,
  events: history.events?.length ?? 0,
  replayed: true,
  ...(error && { failure: divergence(name, history, { error, said }) }),
});

async function orStuck<T>(answer: Promise<T>): Promise<T | typeof STUCK> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<typeof STUCK>((resolve) => {
    timer = setTimeout(() => resolve(STUCK), PATIENCE_MS);
  });
  return Promise.race([answer, patience]).finally(() => clearTimeout(timer));
}
