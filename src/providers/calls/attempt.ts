import { AsyncLocalStorage } from 'node:async_hooks';
import type { ProviderFault } from '../../ports/provider-fault';

/** The attempt of a step that a call to a provider belongs to. */
export interface Attempt {
  /** 1 for the first; those inside the workflow task are counted by themselves. */
  readonly number: number;
  /** An earlier attempt has failed or was lost, so the provider may know the key. */
  readonly isRetry: boolean;
  /** Milliseconds until the next attempt may begin; undefined if there is no time for one. The same for the same fault. */
  pauseAfter(fault: ProviderFault): number | undefined;
}

const attempts = new AsyncLocalStorage<Attempt>();

export const duringAttempt = <T>(attempt: Attempt, work: () => Promise<T>): Promise<T> => attempts.run(attempt, work);

/** Undefined outside of activities: the relay retries on a schedule of its own. */
export const currentAttempt = (): Attempt | undefined => attempts.getStore();
