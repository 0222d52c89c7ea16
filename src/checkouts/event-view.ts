import { FULFILLMENT_CASE } from '../domain/attention-kind';
import type { CheckoutState } from '../domain/checkout-states';
import { STEP_EVENTS } from '../domain/events';
import type { CheckoutEvent } from '../domain/events';
import { STEPS } from '../domain/steps';
import type { Step } from '../domain/steps';
import type { NextAction } from './next-action';

type EventsOf<Each> = Each extends unknown ? Each[keyof Each] : never;
type StepEvent = EventsOf<(typeof STEP_EVENTS)[Step]>;
type StepChange = 'done' | 'undone' | 'skipped';

/** What an event changed. */
interface Change {
  readonly step?: Step;
  readonly stepState?: StepChange;
  /** The new state of the whole checkout, if it changed. */
  readonly state?: CheckoutState;
}

/** An event as clients see it. `sequence` counts from 1 without a gap; `at` is ISO 8601. */
export interface CheckoutEventView extends Change {
  readonly sequence: number;
  readonly type: string;
  readonly at: string;
  readonly data: unknown;
  /** Only in the event that asks the customer, and only while the customer is asked. The stored event does not have it. */
  readonly nextAction?: NextAction;
}

/** An event as Postgres returns it. */
export interface EventRow {
  sequence: number;
  type: string;
  at: string;
  data: unknown;
}

const AWAITING = 'payment.awaiting-customer' satisfies CheckoutEvent['type'];
const AUTHORIZED = 'payment.authorized' satisfies CheckoutEvent['type'];

/** What the other events change. */
const CHANGES_OF_CHECKOUT = {
  // Comes after the end, when the checkout's state no longer changes.
  'payment.captured': {},
  [AWAITING]: { state: 'awaiting-customer' },
  // Unless it is about what the warehouse does after it had accepted: see `eventViewOf`.
  'attention.raised': { state: 'needs-attention' },
  // Something else may still need attention: the checkout's state is in its next event, or in `GET`.
  'attention.cleared': {},
  'checkout.completed': { state: 'completed' },
  'checkout.refused': { state: 'refused' },
  'checkout.cancelled': { state: 'cancelled' },
} as const satisfies Record<Exclude<CheckoutEvent['type'], StepEvent>, Change>;

/** A worker of a newer release may send events that are unknown here: they are passed on without a change. */
const CHANGES: Readonly<Record<string, Change>> = {
  ...Object.fromEntries(
    STEPS.flatMap((step) =>
      Object.entries(STEP_EVENTS[step]).map(([state, type]) => [type, { step, stepState: state as StepChange }]),
    ),
  ),
  ...CHANGES_OF_CHECKOUT,
  'order.created': { step: 'order-created', stepState: 'done', state: 'running' },
};

/** `hasWaited`: the payment was undecided for a while, so its authorization ends a wait. */
export const eventViewOf = ({ sequence, type, at, data }: EventRow, hasWaited: boolean): CheckoutEventView => ({
  sequence,
  type,
  at: new Date(at).toISOString(),
  ...(isAside(data) ? {} : CHANGES[type]),
  ...(hasWaited && type === AUTHORIZED ? { state: 'running' as const } : {}),
  data,
});

export const withNextAction = (event: CheckoutEventView, nextAction: NextAction | null): CheckoutEventView =>
  nextAction && event.type === AWAITING ? { ...event, nextAction } : event;

/** An order whose warehouse refuses it after all keeps its state. */
const isAside = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'kind' in data && data.kind === FULFILLMENT_CASE;
