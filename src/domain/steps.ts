/** The seven steps in order, by the names recorded in ledgers, events and histories: add, never rename. */
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

/** From here the warehouse is at work, and a fault no longer cancels a good order: later steps are retried until they succeed. */
export const PIVOT: Step = 'fulfillment-triggered';

export const isAfterPivot = (step: Step): boolean => STEPS.indexOf(step) > STEPS.indexOf(PIVOT);

/** An order is complete without these, so an operator may skip them. */
export const SKIPPABLE: readonly Step[] = ['notification-sent', 'loyalty-awarded'];

export type StepState = 'pending' | 'running' | 'done' | 'undoing' | 'undone' | 'undo-failed' | 'skipped';
