import { SKIPPABLE } from '../../domain/steps';
import type { AttentionItem } from './attention-item';

/** The actions of `POST /v1/ops/checkouts/:id/repair`. */
export const REPAIR_ACTIONS = ['retry', 'skip', 'resolve', 'cancel'] as const;
export type RepairAction = (typeof REPAIR_ACTIONS)[number];

interface Way {
  readonly action: RepairAction;
  /** When, or what for, an operator would choose it. */
  readonly when: string;
}

const RETRY: Way = { action: 'retry', when: 'if the provider works again' };
const SKIP: Way = { action: 'skip', when: 'to go on without this step' };
const RESOLVE: Way = { action: 'resolve', when: 'if it was undone by hand' };
const CANCEL: Way = { action: 'cancel', when: 'to give up the order and undo everything' };

/** What settles an item, the likeliest first. Only a hint: the API decides what is allowed now. */
export function repairHintsFor({ kind, step }: Pick<AttentionItem, 'kind' | 'step'>): readonly Way[] {
  const skip = SKIPPABLE.some((name) => name === step) ? [SKIP] : [];
  return kind === 'undo' ? [RETRY, RESOLVE, ...skip] : [RETRY, ...skip, CANCEL];
}

export const repairCommand = (
  { checkoutId, step }: Pick<AttentionItem, 'checkoutId' | 'step'>,
  action: RepairAction,
): string => `npx durable-checkout repair ${checkoutId} --step ${step} --action ${action}`;
