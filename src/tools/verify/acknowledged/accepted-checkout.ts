import type { CheckoutState } from '../../../domain/checkout-states';
import type { Owing } from '../owed-since';

/** A checkout as Postgres has it; a null state means a claim without a checkout. */
export interface AcceptedCheckout extends Owing {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly key: string;
  readonly state: CheckoutState | null;
  readonly refusal: string | null;
  readonly hasOrder: boolean;
  /** How often its workflow was restarted. */
  readonly resumes: number;
  readonly endedAt: Date | null;
}
