import type { Step } from '../domain/steps';

/** Never with an attempt, a run id or anything random in it: the same step of the same checkout is the same call, for ever. */
export const providerKey = (checkoutId: string, step: Step): string => `${checkoutId}:${step}`;
