import type { Step } from '../domain/steps';

/** Holds no attempt number, run id or random value: a step of a checkout is the same call for ever. */
export const providerKey = (checkoutId: string, step: Step): string => `${checkoutId}:${step}`;
