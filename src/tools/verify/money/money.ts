import { choicesAtSandbox } from '../at-sandbox';
import type { Scene } from '../scene';
import { NO_JOURNALS, sandboxJournal } from '../sandbox-journal';
import { Tally, withUnseen } from '../verdict';
import type { Verdict } from '../verdict';
import { checkMoney } from './check-money';
import type { JournalLine } from './journal-line';
import { readOrders } from './read-orders';

/** P5, on a live system. */
export async function money({ db, connections, asOf, settleMs }: Scene): Promise<Verdict> {
  const { sandbox } = connections;
  if (sandbox === undefined) return withUnseen(new Tally(), connections, [`what was charged: ${NO_JOURNALS}`]);
  return checkMoney({
    atSandbox: await choicesAtSandbox(db, sandbox),
    payments: sandboxJournal<JournalLine>(sandbox, 'payments'),
    labels: sandboxJournal<JournalLine>(sandbox, 'carrier'),
    orders: readOrders(db),
    settledBefore: asOf.getTime() - settleMs,
  });
}
