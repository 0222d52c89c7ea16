import type { History } from '@temporalio/common/lib/proto-utils';

/** A history on its way to the replayer, or why it cannot get there. */
export type Candidate =
  | { readonly name: string; readonly workflowId: string; readonly history: History }
  | { readonly name: string; readonly unreadable: string };

/** Where histories come from, and how many to expect there. */
export interface Source {
  /** For people: what is being replayed. */
  readonly title: string;
  readonly total: number;
  /** In the order in which they are to be replayed. Reads each when it is asked for it. */
  readonly candidates: AsyncIterable<Candidate>;
}
