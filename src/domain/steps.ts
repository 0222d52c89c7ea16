/** The seven steps in their order, under the names that are recorded in ledgers, events and histories. Add-only. */
export const STEPS = [
  'order-created',
  'payment-authorized',
  'stock-reserved',
  'fulfillment-triggered',
  'notification-sent',
  'loyalty-awarded',
  'label-generated',
] as const;

export type Step = (typeof STEPS)[number];

/** Once the warehouse is at work, a fault no longer cancels a good order: later steps are retried without end. */
export const PIVOT: Step = 'fulfillment-triggered';

export const isBehindPivot = (step: Step): boolean => STEPS.indexOf(step) > STEPS.indexOf(PIVOT);

/** An order is good without them, so an operator may go on without them. */
export const SKIPPABLE: readonly Step[] = ['notification-sent', 'loyalty-awarded'];

export type StepState = 'pending' | 'running' | 'done' | 'undoing' | 'undone' | 'undo-failed' | 'skipped';
