import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import type { Breakers } from './breakers';
import type { CallTotals } from './call-totals';

/** Often enough for a scrape, seldom enough to cost nothing. */
const EVERY_MS = 5_000;

interface WriteBehind {
  /** Something has changed that tools should see now. */
  soon(): void;
  /** Something has changed. */
  later(): void;
  stop(): Promise<void>;
}

interface Parts {
  readonly db: Database;
  readonly logger: Logger;
  readonly totals: CallTotals;
  readonly breakers: Breakers;
}

/** Writes figures and breakers to Postgres, beside the calls and never in their way. */
export function writeBehind({ db, logger, totals, breakers }: Parts): WriteBehind {
  let due: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    clearTimeout(due);
    due = undefined;
    try {
      await Promise.all([totals.write(db), breakers.write(db)]);
    } catch (err) {
      logger.warn({ err }, 'cannot write the figures of the providers; they are kept');
      later();
    }
    // Nobody calls a provider that is away, and yet its row must say that somebody still knows.
    if (breakers.isAnyOpen) later();
  };
  const later = (): void => void (due ??= setTimeout(soon, EVERY_MS).unref());
  const soon = (): void => void (writing = writing.then(write));

  return {
    soon,
    later,
    async stop() {
      soon();
      await writing;
      clearTimeout(due);
      await breakers.forget(db).catch(() => undefined);
    },
  };
}
