import type { Scene } from '../scene';
import { sandboxJournal } from '../sandbox-journal';
import type { Verdict } from '../verdict';
import { checkMoney } from './check-money';
import type { JournalLine } from './journal-line';
import { readOrders } from './read-orders';

/** P5, on a live system. */
export const money = ({ db, places, asOf, settleMs }: Scene): Promise<Verdict> =>
  checkMoney({
    payments: sandboxJournal<JournalLine>(places.sandbox, 'payments'),
    labels: sandboxJournal<JournalLine>(places.sandbox, 'carrier'),
    orders: readOrders(db),
    settledBefore: asOf.getTime() - settleMs,
  });
