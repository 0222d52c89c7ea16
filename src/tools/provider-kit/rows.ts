import type { Row } from '../suite/row';
import type { Bench } from './bench';
import type { KitRole } from './calls-of';
import { lostAnswer, slowAnswer, unknownKey } from './rows/find';
import { firstCall, otherBody, sameKeyTwice } from './rows/keys';
import { ofInventory } from './rows/inventory';
import { ofMail } from './rows/mail';
import { ofPayments } from './rows/payments';
import { protocolRows } from './rows/protocol';
import { ofUndecided } from './rows/undecided';
import { undo, undoBeforeDo, undoTwice, undoWhileItActs } from './rows/undo';

const ofEveryRole: readonly Row<Bench>[] = [
  ...[firstCall, sameKeyTwice, otherBody],
  ...[undo, undoTwice, undoBeforeDo, undoWhileItActs],
  ...[unknownKey, lostAnswer, slowAnswer],
];

const OF_ROLE: { readonly [R in KitRole]: readonly Row<Bench<R>>[] } = {
  payments: [...ofPayments, ...ofUndecided],
  inventory: ofInventory,
  warehouse: [],
  mail: ofMail,
  loyalty: [],
  carrier: [],
};

/** The tries of a role, in the order in which they run. */
export const rowsOf = <R extends KitRole>(role: R): readonly Row<Bench<R>>[] => [...ofEveryRole, ...OF_ROLE[role]];

const ONLY_OVER_HTTP = 'an adapter makes only right calls, so this is tried with --url';

/** The tries of an adapter in this process. */
export const rowsInProcess = <R extends KitRole>(role: R): readonly Row<Bench<R>>[] => [
  ...rowsOf(role),
  ...protocolRows.map(({ row }) => ({ row, hidden: ONLY_OVER_HTTP })),
];

/** The tries of a role over HTTP, where there is more to try. */
export const rowsOverHttp = <R extends KitRole>(role: R): readonly Row<Bench<R>>[] => [
  ...rowsOf(role),
  ...protocolRows,
];
