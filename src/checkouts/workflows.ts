import type { Client } from '@temporalio/client';
import type { StartOptions } from './start-workflow';

/** Calls Temporal within a deadline. */
export type Call = <T>(work: (client: Client) => Promise<T>) => Promise<T>;

/** How to reach the checkouts' workflows, and how this installation starts them. */
export interface Workflows {
  readonly call: Call;
  readonly startOptions: StartOptions;
}

interface Settings {
  readonly ATTENTION_AFTER: string;
  readonly FAST_LANE: 'on' | 'off';
}

/** How this installation starts its workflows. */
export const startOptionsOf = ({ ATTENTION_AFTER: attentionAfter, FAST_LANE }: Settings): StartOptions => ({
  ...(attentionAfter !== '' && { attentionAfter }),
  ...(FAST_LANE === 'on' && { fastLane: true }),
});
