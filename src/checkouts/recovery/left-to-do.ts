import type { Resumed } from '../../contract/checkout';
import { STEPS } from '../../domain/steps';
import type { Step } from '../../domain/steps';
import type { Refusal } from '../../domain/refusals';

/** What Postgres holds about an order, read under its lock. */
export interface Remains {
  readonly ledger: readonly { readonly step: Step; readonly done: boolean; readonly undone: boolean }[];
  /** Kind `step` before kind `undo`. */
  readonly open: Resumed['open'];
  /** The steps that an operator skipped. */
  readonly skipped: readonly Step[];
  readonly unwinding: { readonly because: Refusal; readonly sentence: string } | null;
}

/** Where the next run takes over. */
export function leftToDo({ ledger, open, skipped, unwinding }: Remains): Omit<Resumed, 'number'> {
  const rows = new Map(ledger.map((row) => [row.step, row]));
  const parked = open.filter(({ kind }) => kind === 'undo').map(({ step }) => step);
  const isUndone = (step: Step) => rows.get(step)?.undone === true && !skipped.includes(step);
  // Steps run one after another, so the first step without a ledger row may have been attempted, and no later one.
  const reached = STEPS.find((step) => !rows.has(step)) ?? STEPS[STEPS.length - 1] ?? STEPS[0];
  if (!unwinding) return { reached, open };

  // Undos run newest first: once one has run, a step without a ledger row was never attempted, or its undo is parked.
  const hasBegun = parked.length > 0 || STEPS.some(isUndone);
  const undos = STEPS.filter((step) => {
    if (parked.includes(step)) return false;
    // The undo of the first step also ends the order, so it is never left out: repeated, it only ends the order.
    if (step === STEPS[0]) return true;
    return rows.has(step) ? !isUndone(step) : step === reached && !hasBegun;
  });
  return { reached: hasBegun ? (undos.at(-1) ?? reached) : reached, open, unwinding: { ...unwinding, undos } };
}
