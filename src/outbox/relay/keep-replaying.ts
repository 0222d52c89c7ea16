import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import { startLoop } from '../../runtime/loop';
import type { Loop } from '../../runtime/loop';
import { releaseReplay, replayPage, takeReplay } from './replay-once';
import type { HeldReplay } from './replay-once';
import type { Sink } from '../sink';

/** A replay takes minutes anyway. */
const LOOK_EVERY_MS = 1_000;

interface Replaying {
  readonly db: Database;
  readonly sinks: readonly Sink[];
  /** The relay's id. */
  readonly owner: string;
  readonly logger: Logger;
}

/** Delivers replays a page at a time, beside the lanes, whose cursors it never moves. Any number of relays may run it. */
export function keepReplaying({ db, sinks, owner, logger }: Replaying): Loop {
  let held: HeldReplay | undefined;
  const once = async (): Promise<number> => {
    held ??= await takeReplay(
      db,
      owner,
      sinks.map(({ name }) => name),
    );
    if (!held) return 0;
    const mine = held;
    const { id, sink: name } = mine;
    const sink = sinks.find((each) => each.name === name);
    if (!sink) throw new Error(`There is a lease on a replay to ${name}, which this relay does not have`);
    try {
      if (await replayPage(db, mine, sink)) return 1;
      logger.info({ replay: id, sink: name }, 'a replay has ended here');
      held = undefined;
      return 1;
    } catch (error) {
      logger.warn({ err: error, replay: id, sink: name }, 'a page of a replay failed and will be retried');
      held = undefined;
      await releaseReplay(db, mine, error instanceof Error ? error.message : String(error));
      return 0;
    }
  };
  const loop = startLoop('replay-events', once, { restMs: LOOK_EVERY_MS, full: 1, logger });
  return {
    stop: async () => {
      await loop.stop();
      // Only saves the next relay waiting for the lease to expire.
      if (held) await releaseReplay(db, held).catch(() => undefined);
    },
  };
}
