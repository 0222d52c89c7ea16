import type { CheckoutState } from '../../../domain/checkout-states';

/** A checkout as Postgres has it; without a state there is a claim and no checkout. */
export interface AcceptedCheckout {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly key: string;
  readonly state: CheckoutState | null;
  readonly refusal: string | null;
  readonly hasOrder: boolean;
  /** How often its workflow was started again. */
  readonly resumes: number;
  readonly acceptedAt: Date;
  readonly endedAt: Date | null;
}
