import { checkoutWorkflowId } from '../../src/contract/checkout';
import type { CheckoutRequest } from '../../src/domain/order';
import { resourceIdOf } from '../../src/idempotency/key';
import type { FaultRule } from '../../src/local/sandbox/faults';
import { aRequest } from './builders';

/** An order that is not placed yet, and the faults that hold it at a certain moment. They affect no other order, because its id is known. */
export interface HeldOrder {
  readonly key: string;
  readonly id: string;
  readonly workflowId: string;
  readonly body: CheckoutRequest;
  readonly faults: readonly FaultRule[];
}

export function heldOrder(
  key: string,
  overrides: Partial<CheckoutRequest>,
  ...faults: readonly Omit<FaultRule, 'key'>[]
): HeldOrder {
  const id = resourceIdOf('chk', 'acme', key);
  return {
    key,
    id,
    workflowId: checkoutWorkflowId('acme', key),
    body: aRequest(overrides),
    faults: faults.map((fault) => ({ ...fault, key: id })),
  };
}

/** Refused by the carrier in step 7, so that everything before it is undone. */
export const FAR_AWAY: Partial<CheckoutRequest> = {
  shippingAddress: { ...aRequest().shippingAddress, postalCode: '00000' },
};
