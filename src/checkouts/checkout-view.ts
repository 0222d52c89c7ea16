import type { CheckoutState } from '../domain/checkout-states';
import { isRefusal, REFUSALS } from '../domain/refusals';
import type { RefusalCode } from '../domain/refusals';
import { STEPS } from '../domain/steps';
import type { Step, StepState } from '../domain/steps';
import { nextActionOf } from './next-action';
import type { NextAction } from './next-action';

/** A checkout as clients see it. Amounts are JSON integers in minor units, times ISO 8601. */
export interface CheckoutView {
  readonly id: string;
  readonly state: CheckoutState;
  readonly acceptedAt: string;
  readonly endedAt: string | null;
  readonly currency: string;
  /** Null until the first step has priced the cart. */
  readonly total: number | null;
  readonly items: readonly { sku: string; quantity: number; unitPrice: number | null }[];
  readonly refusal: { code: RefusalCode; title: string; detail: string } | null;
  readonly steps: readonly { name: Step; state: StepState; at: string | null }[];
  readonly links: { readonly self: string; readonly events: string };
}

/** The same, with what its customer has to do; null if nothing. */
export interface WholeCheckout extends CheckoutView {
  readonly nextAction: NextAction | null;
}

/** What Postgres knows about a checkout, as one row. */
export interface CheckoutRow {
  id: string;
  state: CheckoutState;
  acceptedAt: Date;
  endedAt: Date | null;
  unwinding: boolean;
  currency: string;
  total: bigint | null;
  items: { sku: string; quantity: number }[];
  lines: { sku: string; quantity: number; unitPrice: number }[] | null;
  refusal: string | null;
  sentence: string | null;
  /** The steps whose undo is parked. */
  parked: Step[] | null;
  ledger: { step: Step; done: string | null; undone: string | null }[] | null;
}

export const wholeViewOf = (row: CheckoutRow & { readonly nextAction: NextAction | null }): WholeCheckout => ({
  ...viewOf(row),
  nextAction: nextActionOf(row.nextAction),
});

export function viewOf(row: CheckoutRow): CheckoutView {
  const { id, state, refusal } = row;
  return {
    id,
    state,
    acceptedAt: row.acceptedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    currency: row.currency,
    total: row.total === null ? null : Number(row.total),
    items: row.lines ?? row.items.map((item) => ({ ...item, unitPrice: null })),
    refusal: isRefusal(refusal) ? { ...REFUSALS[refusal], detail: row.sentence ?? REFUSALS[refusal].title } : null,
    steps: stepsOf(row),
    links: { self: `/v1/checkouts/${id}`, events: `/v1/checkouts/${id}/events` },
  };
}

/**
 * The seven steps, from committed state alone. Going forward, the first step that is not done is running. Unwinding, the newest step that
 * is done is being undone, and a step without a ledger row can no longer happen: it is skipped.
 */
function stepsOf({ state, unwinding, ledger, endedAt, parked }: CheckoutRow): CheckoutView['steps'] {
  const rows = new Map(ledger?.map((row) => [row.step, row]));
  const done = STEPS.map((name) => rows.get(name)?.done != null && rows.get(name)?.undone == null);
  const left = STEPS.map((name) => done[STEPS.indexOf(name)] && !parked?.includes(name));
  const current = unwinding ? left.lastIndexOf(true) : STEPS.findIndex((name) => !rows.has(name));
  const underWay = endedAt === null && state !== 'accepted';

  const stateOf = (name: Step, at: number): StepState => {
    const row = rows.get(name);
    if (parked?.includes(name)) return 'undo-failed';
    if (row?.undone != null) return row.done === null ? 'skipped' : 'undone';
    if (unwinding) return !done[at] ? 'skipped' : at === current ? 'undoing' : 'done';
    if (done[at]) return 'done';
    return underWay && at === current ? 'running' : 'pending';
  };
  return STEPS.map((name, at) => {
    const stepState = stateOf(name, at);
    // While a step is being undone, the time when it was done would be misleading.
    const moment = rows.get(name)?.undone ?? (stepState === 'done' ? rows.get(name)?.done : null);
    return { name, state: stepState, at: moment == null ? null : new Date(moment).toISOString() };
  });
}
