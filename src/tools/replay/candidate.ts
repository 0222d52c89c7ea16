import type { History } from '@temporalio/common/lib/proto-utils';

/** A history to replay, or why it cannot be read. */
export type Candidate =
  | { readonly name: string; readonly workflowId: string; readonly history: History }
  | { readonly name: string; readonly unreadable: string };

/** Where histories come from, and how many there are. */
export interface Source {
  /** For people: whose histories they are, such as `of test/histories`. */
  readonly title: string;
  readonly total: number;
  /** In the order of their replay; each is read only when it is asked for. */
  readonly candidates: AsyncIterable<Candidate>;
}
