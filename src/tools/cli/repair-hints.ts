import { SKIPPABLE } from '../../domain/steps';
import type { AttentionItem } from './attention-item';

/** The acts of `POST /v1/ops/checkouts/:id/repair`. */
export const REPAIR_ACTIONS = ['retry', 'skip', 'resolve', 'cancel'] as const;
export type RepairAction = (typeof REPAIR_ACTIONS)[number];

interface Way {
  readonly action: RepairAction;
  /** When an operator would choose it. */
  readonly when: string;
}

const RETRY: Way = { action: 'retry', when: 'the provider is back, try now' };
const SKIP: Way = { action: 'skip', when: 'go on without' };
const RESOLVE: Way = { action: 'resolve', when: 'it was undone by hand' };
const CANCEL: Way = { action: 'cancel', when: 'give the order up and undo everything' };

/** What settles it, the likeliest first. A hint only: the API decides what is allowed now. */
export function repairHintsFor({ kind, step }: Pick<AttentionItem, 'kind' | 'step'>): readonly Way[] {
  const skip = SKIPPABLE.some((name) => name === step) ? [SKIP] : [];
  return kind === 'undo' ? [RETRY, RESOLVE, ...skip] : [RETRY, ...skip, CANCEL];
}

export const repairCommand = (
  { checkoutId, step }: Pick<AttentionItem, 'checkoutId' | 'step'>,
  action: RepairAction,
): string => `npx durable-checkout repair ${checkoutId} --step ${step} --action ${action}`;
