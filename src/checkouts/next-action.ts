import type { Caller } from '../domain/api-keys';

/** What the customer has to do before the checkout goes on. Whoever has `url` can approve the payment. `expiresAt` is ISO 8601. */
export interface NextAction {
  readonly type: 'redirect';
  readonly url: string;
  readonly expiresAt: string;
}

/** In a query of `checkouts checkout`: its customer is asked. After a cancel an approval has no effect. */
export const IS_ASKING = `checkout.state = 'awaiting-customer' and checkout.cancel_requested_at is null`;

/** In a query of `checkouts checkout`: its next action; null if there is none. */
export const NEXT_ACTION = `
  case
    when ${IS_ASKING} then (
      select json_build_object('type', 'redirect', 'url', action_url, 'expiresAt', least(action_expires_at, deadline))
        from payment_waits
       where checkout_id = checkout.id
         and action_url is not null
    )
  end`;

/** From the value of `NEXT_ACTION`, whose time has an offset. */
export const nextActionOf = (value: NextAction | null): NextAction | null =>
  value && { ...value, expiresAt: new Date(value.expiresAt).toISOString() };

/** The merchant sends its customer there. An operator has no use for it, and must not be able to approve. */
export const nextActionFor = ({ scope }: Pick<Caller, 'scope'>, action: NextAction | null): NextAction | null =>
  scope === 'merchant' ? action : null;
