import { ApplicationFailure } from '@temporalio/activity';

/** Fails like an attempt of `awaitPayment`, and asks for the next one after this long. */
export const undecidedFor = (nextRetryDelay: string): Promise<never> =>
  Promise.reject(ApplicationFailure.create({ type: 'StillUndecided', message: 'Not yet.', nextRetryDelay }));
