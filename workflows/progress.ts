import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Decider } from '../src/contract/activities';
import type { CheckoutProgress } from '../src/contract/checkout';
import { CHECKOUT_STATE, CHECKOUT_STEP, REFUSAL_CODE } from '../src/contract/search-attributes';
import type { CheckoutState } from '../src/domain/checkout-states';
import { REFUSALS } from '../src/domain/refusals';
import type { Refusal } from '../src/domain/refusals';
import { STEPS } from '../src/domain/steps';
import type { Step, StepState } from '../src/domain/steps';

const SYMBOLS: Record<StepState, string> = {
  pending: '·',
  running: '▶',
  done: '✓',
  undoing: '↺',
  undone: '✗',
  'undo-failed': '!',
  skipped: '–',
};

const WAITS: Record<Decider, string> = {
  customer: 'Waits for the **customer** to approve the payment',
  provider: 'Waits for the **payment provider** to decide',
};

/** Shows people where the checkout is: current details and search attributes in the Web UI, and a query. */
export class Progress implements CheckoutProgress {
  readonly steps = Object.fromEntries(STEPS.map((step) => [step, 'pending'])) as Record<Step, StepState>;
  refusal: Refusal | null = null;
  #attention: string | null = null;
  #waitsFor: Decider | undefined;

  constructor() {
    this.#show();
  }

  move(step: Step, state: StepState): void {
    this.steps[step] = state;
    this.#show();
  }

  /** Undefined once the payment is decided. */
  waitsFor(decider: Decider | undefined): void {
    const wasAsked = this.#waitsFor === 'customer';
    if (decider === this.#waitsFor) return;
    this.#waitsFor = decider;
    if (wasAsked || decider === 'customer')
      upsertSearchAttributes([{ key: CHECKOUT_STATE, value: wasAsked ? 'running' : 'awaiting-customer' }]);
    this.#show();
  }

  unwindingFrom(step: Step, refusal: Refusal): void {
    this.refusal = refusal;
    // Each upsert is an event and a write to the visibility store: one here, one at the end, none for the steps.
    upsertSearchAttributes([
      ...(this.#waitsFor === 'customer' ? [{ key: CHECKOUT_STATE, value: 'running' }] : []),
      { key: CHECKOUT_STEP, value: step },
      { key: REFUSAL_CODE, value: REFUSALS[refusal].code },
    ]);
    this.#show();
  }

  /** Operators filter by this. It is rare, so it may cost an event. */
  needsAttention(step: Step, why: string): void {
    this.#attention = `**${step}** needs attention: ${why}`;
    upsertSearchAttributes([
      { key: CHECKOUT_STATE, value: 'needs-attention' },
      { key: CHECKOUT_STEP, value: step },
    ]);
    this.#show();
  }

  attended(): void {
    this.#attention = null;
    upsertSearchAttributes([{ key: CHECKOUT_STATE, value: 'running' }]);
    this.#show();
  }

  endedAs(state: CheckoutState): void {
    upsertSearchAttributes([{ key: CHECKOUT_STATE, value: state }]);
    this.#show();
  }

  #show(): void {
    const rail = STEPS.map((step, at) => `${at + 1}. ${SYMBOLS[this.steps[step]]} **${step}** ${this.steps[step]}`);
    const reason = this.refusal ? [`Undone because: **${REFUSALS[this.refusal].title}**`] : [];
    const wait = this.#waitsFor && !this.refusal ? [WAITS[this.#waitsFor]] : [];
    const attention = this.#attention === null ? [] : [this.#attention];
    setCurrentDetails([...attention, ...reason, ...wait, rail.join('\n')].join('\n\n'));
  }
}
