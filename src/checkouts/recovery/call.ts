import type { Client } from '@temporalio/client';

/** Calls Temporal within a deadline. */
export type Call = <T>(work: (client: Client) => Promise<T>) => Promise<T>;
