import type { Step } from '../domain/steps';

/** Holds no attempt number, run id or random value: a step of a checkout is the same call for ever. */
export const providerKey = (checkoutId: string, step: Step): string => `${checkoutId}:${step}`;

/** The reverse, for the rows about a call. */
export function partsOfKey(key: string): { readonly checkoutId: string; readonly step: string } {
  const [checkoutId = '', step = ''] = key.split(':');
  return { checkoutId, step };
}
