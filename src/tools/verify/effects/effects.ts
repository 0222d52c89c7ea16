import { choicesAtSandbox } from '../at-sandbox';
import type { JournalLine } from '../money/journal-line';
import { JOURNALS, NO_JOURNALS, sandboxJournal } from '../sandbox-journal';
import type { Scene } from '../scene';
import { Tally, withUnseen } from '../verdict';
import type { Verdict } from '../verdict';
import { checkEffects } from './check-effects';
import { readEffects } from './read-effects';

/** P4, on a live system. */
export async function effects({ db, connections, asOf }: Scene): Promise<Verdict> {
  const { sandbox } = connections;
  if (sandbox === undefined) return withUnseen(new Tally(), connections, [`effects at providers: ${NO_JOURNALS}`]);
  return checkEffects({
    atSandbox: await choicesAtSandbox(db, sandbox),
    journals: JOURNALS.map((provider) => sandboxJournal<JournalLine>(sandbox, provider)),
    orders: readEffects(db),
    endedBefore: asOf.getTime(),
  });
}
