import { setTimeout as rest } from 'node:timers/promises';
import { startLoop } from '../runtime/loop';
import type { Loop } from '../runtime/loop';
import type { Logger } from '../runtime/logger';
import { isTemporalAway } from '../runtime/temporal';
import type { TemporalClient } from '../runtime/temporal';
import { askAgainAfterMs } from './ask-again';
import { UNVERSIONED } from './build-id';
import { describeDeployment, makeCurrent } from './make-current';
import { moveOrder, ORDERS_AT_ONCE, ordersOfOthers } from './pinned-orders';
import { LiveBuilds } from './live-builds';
import { shouldPromote } from './should-promote';
import type { Promote } from './should-promote';
import { lookAtTaskQueue } from './task-queue';

const LOOK_EVERY_MS = 5_000;

export interface BuildHandoverOptions {
  readonly call: TemporalClient['call'];
  /** The build of the worker in this process, which is already polling. */
  readonly build: string;
  readonly promote: Promote;
  readonly logger: Logger;
}

export interface Serving extends Loop {
  /** Resolves when it is decided whether this build becomes current. */
  readonly settled: Promise<void>;
  /**
   * Whether this build takes new checkouts, as of the last look: a promotion is noticed within seconds, and checkouts that start in between
   * count as started before it. False while that is unknown, and once `stop` is called.
   */
  readonly isCurrent: () => boolean;
  /** Whether checkouts are waiting for a worker in Temporal, as of the last look. */
  readonly othersWait: () => boolean;
}

/**
 * One worker's part in making sure that new checkouts find a worker and old ones keep one. After `settled` it keeps looking until it is
 * stopped.
 */
export function startBuildHandover(options: BuildHandoverOptions): Serving {
  const stopping = new AbortController();
  const { signal } = stopping;
  let loop: Loop | undefined;
  let isCurrent = false;
  let othersWait = false;
  const note = (current: boolean, oldestWaitsS = 0) => {
    isCurrent = current;
    othersWait = oldestWaitsS > 0;
  };
  const settled = (async () => {
    // `no versions`: this worker has none, and Temporal has never seen any, or does not support them.
    const decide = async () =>
      options.build === UNVERSIONED && (await options.call(describeDeployment)) === null
        ? 'no versions'
        : takeOver(options, options.promote, false);
    let decision: Awaited<ReturnType<typeof decide>> | 'away' = 'not yet';
    for (let failures = 0; !signal.aborted;) {
      decision = await unlessAway(decide, options.logger);
      if (decision !== 'not yet' && decision !== 'away') break;
      failures = decision === 'away' ? failures + 1 : 0;
      // Rejects when it is stopped, which the condition checks.
      await rest(askAgainAfterMs(failures), undefined, { signal }).catch(() => undefined);
    }
    if (decision === 'no versions') note(true);
    else if (!signal.aborted) loop = startLooking(options, note);
  })();
  return {
    settled,
    isCurrent: () => isCurrent && !signal.aborted,
    othersWait: () => othersWait,
    stop: async () => {
      stopping.abort();
      await settled.catch(() => undefined);
      await loop?.stop();
    },
  };
}

/** Making a build current may take a busy Temporal longer than the call's deadline, and may succeed all the same: the next look shows. */
async function unlessAway<T>(decide: () => Promise<T>, logger: Logger): Promise<T | 'away'> {
  try {
    return await decide();
  } catch (err) {
    if (!isTemporalAway(err)) throw err;
    logger.warn({ err }, 'Temporal did not answer which build takes new checkouts; will retry');
    return 'away';
  }
}

function startLooking(options: BuildHandoverOptions, note: (isCurrent: boolean, oldestWaitsS?: number) => void): Loop {
  const { call, build, promote, logger } = options;
  const liveBuilds = new LiveBuilds(() => performance.now());
  const look = async (): Promise<number> => {
    const { current, oldestWaitsS, heard } = await call(lookAtTaskQueue).catch((error: unknown) => {
      note(false);
      throw error;
    });
    note(current === build, oldestWaitsS);
    liveBuilds.note(heard);
    if (current === build) return adoptOrders(options, liveBuilds);
    // `on` applies only at the start: from now on every worker takes over only from a build that is gone.
    if (liveBuilds.isGone(current)) await takeOver(options, promote === 'off' ? 'off' : 'new', true);
    return 0;
  };
  return startLoop('deployment', look, { restMs: LOOK_EVERY_MS, full: ORDERS_AT_ONCE, logger });
}

async function takeOver({ call, build, logger }: BuildHandoverOptions, promote: Promote, currentIsGone: boolean) {
  if (promote === 'off') return 'left';
  const decide = (known: { isCurrent: boolean; wasCurrent: boolean }) =>
    shouldPromote(promote, { ...known, currentIsGone });
  const outcome = await call((client) => makeCurrent(client, build, decide));
  if (outcome === 'taken') logger.info({ build, promote, currentIsGone }, 'this build now takes new checkouts');
  return outcome;
}

/** Open orders of a build without workers would wait for ever. */
async function adoptOrders({ call, build, logger }: BuildHandoverOptions, liveBuilds: LiveBuilds): Promise<number> {
  const orders = await call((client) => ordersOfOthers(client, [build, ...liveBuilds.present()]));
  const gone = new Set([...new Set(orders.map((order) => order.build))].filter((one) => liveBuilds.isGone(one)));
  const orphans = orders.filter((order) => gone.has(order.build));
  await Promise.all(orphans.map((order) => call((client) => moveOrder(client, order, build))));
  if (orphans.length > 0)
    logger.warn({ orders: orphans.length, of: [...gone], build }, 'adopted orders of builds without workers');
  return orphans.length;
}
