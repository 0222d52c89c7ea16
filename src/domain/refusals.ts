/**
 * Why a checkout can be refused. The keys are recorded in histories (as failure types) and in Postgres: add, never rename.
 * HTTP clients and the `RefusalCode` search attribute see `code`.
 */
export const REFUSALS = {
  UnknownSku: { code: 'unknown-sku', title: 'An item is not in the catalog' },
  CurrencyNotOffered: { code: 'currency-not-offered', title: 'An item is not sold in this currency' },
  PriceChanged: { code: 'price-changed', title: 'The total differs from the expected total' },
  AmountTooLarge: { code: 'amount-too-large', title: 'The total is too large to charge' },
  PaymentDeclined: { code: 'payment-declined', title: 'The payment was declined' },
  PaymentAbandoned: { code: 'payment-abandoned', title: 'The payment was not approved in time' },
  OutOfStock: { code: 'out-of-stock', title: 'An item is out of stock' },
  WarehouseRefused: { code: 'warehouse-refused', title: 'The warehouse refused the order' },
  UndeliverableAddress: { code: 'undeliverable-address', title: 'No carrier delivers to the address' },
  StepUnavailable: { code: 'step-unavailable', title: 'A step did not finish in time, so everything was undone' },
  Cancelled: { code: 'cancelled', title: 'The checkout was cancelled' },
  CheckoutExpired: { code: 'checkout-expired', title: 'The checkout waited too long to start' },
} as const;

export type Refusal = keyof typeof REFUSALS;
export type RefusalCode = (typeof REFUSALS)[Refusal]['code'];

export const isRefusal = (name: string | null | undefined): name is Refusal =>
  typeof name === 'string' && Object.hasOwn(REFUSALS, name);
