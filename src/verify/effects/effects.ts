import type { JournalLine } from '../money/journal-line';
import { sandboxJournal } from '../sandbox-journal';
import type { Scene } from '../scene';
import type { Verdict } from '../verdict';
import { checkEffects } from './check-effects';
import { readEffects } from './read-effects';

/** P4, on a live system. */
export const effects = ({ db, places, asOf }: Scene): Promise<Verdict> =>
  checkEffects({
    journals: ['payments', 'warehouse', 'mail', 'carrier'].map((provider) =>
      sandboxJournal<JournalLine>(places.sandbox, provider),
    ),
    orders: readEffects(db),
    endedBefore: asOf.getTime(),
  });
