import type { CheckoutState } from '../../domain/checkout-states';
import { CURRENCY_EXPONENTS } from '../../domain/currencies';
import type { StepState } from '../../domain/steps';
import { isRecord } from '../terminal/is-record';

export interface StepSnapshot {
  readonly name: string;
  readonly state: StepState;
  /** When it reached this state. */
  readonly at?: string | null;
}

/** The part of `GET /v1/checkouts/:id` that the commands show. */
export interface CheckoutSnapshot {
  readonly id: string;
  readonly state: CheckoutState;
  readonly acceptedAt: string;
  readonly endedAt?: string | null;
  readonly currency: string;
  /** Minor units; absent or null until the order is priced. */
  readonly total?: number | null;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly refusal?: { readonly code: string; readonly title: string; readonly detail?: string | null } | null;
  readonly steps: readonly StepSnapshot[];
  readonly links?: { readonly events?: string };
  /** Where the customer approves, and until when; null or absent if there is nothing to approve, and for operators. */
  readonly nextAction?: { readonly url: string; readonly expiresAt: string } | null;
}

const STATES: Readonly<Record<CheckoutState, true>> = {
  accepted: true,
  running: true,
  'awaiting-customer': true,
  completed: true,
  refused: true,
  cancelled: true,
  'needs-attention': true,
};

const STEP_STATES: Readonly<Record<StepState, true>> = {
  pending: true,
  running: true,
  done: true,
  undoing: true,
  undone: true,
  'undo-failed': true,
  skipped: true,
};

const isOneOf = (names: object, value: unknown) => typeof value === 'string' && Object.hasOwn(names, value);
const isAbsent = (value: unknown) => value === undefined || value === null;
const isMoment = (value: unknown) => typeof value === 'string' && !Number.isNaN(Date.parse(value));

const isItem = (value: unknown) =>
  isRecord(value) && typeof value.sku === 'string' && typeof value.quantity === 'number';
const isStep = (value: unknown) =>
  isRecord(value) &&
  typeof value.name === 'string' &&
  isOneOf(STEP_STATES, value.state) &&
  (isAbsent(value.at) || isMoment(value.at));
const isLinks = (value: unknown) => isRecord(value) && (isAbsent(value.events) || typeof value.events === 'string');
const isNextAction = (value: unknown) => isRecord(value) && typeof value.url === 'string' && isMoment(value.expiresAt);
const isRefusal = (value: unknown) =>
  isRecord(value) && typeof value.code === 'string' && typeof value.title === 'string';

/** Checked, because another program may be at this address, or a newer release with states unknown here. */
export const isCheckoutSnapshot = (value: unknown): value is CheckoutSnapshot =>
  isRecord(value) &&
  typeof value.id === 'string' &&
  isOneOf(STATES, value.state) &&
  isMoment(value.acceptedAt) &&
  (isAbsent(value.endedAt) || isMoment(value.endedAt)) &&
  typeof value.currency === 'string' &&
  Object.hasOwn(CURRENCY_EXPONENTS, value.currency) &&
  (isAbsent(value.total) || Number.isSafeInteger(value.total)) &&
  Array.isArray(value.items) &&
  value.items.every(isItem) &&
  (isAbsent(value.refusal) || isRefusal(value.refusal)) &&
  Array.isArray(value.steps) &&
  value.steps.every(isStep) &&
  (isAbsent(value.links) || isLinks(value.links)) &&
  (isAbsent(value.nextAction) || isNextAction(value.nextAction));
