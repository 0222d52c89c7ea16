import type { EarlierDecision } from '../../contract/repair';

export type RepairAnswer =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'reused' }
  /** Somebody else has decided about the step since the repair was requested. */
  | { readonly outcome: 'decided'; readonly sentence: string; readonly first: EarlierDecision }
  | { readonly outcome: 'refused'; readonly sentence: string };
