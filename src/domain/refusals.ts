/**
 * Final answers a checkout can end on. The keys are recorded in histories (failure type) and in Postgres: add, never rename.
 * `code` is what HTTP clients and the `RefusalCode` search attribute show.
 */
export const REFUSALS = {
  UnknownSku: { code: 'unknown-sku', title: 'An item is not in the catalog' },
  CurrencyNotOffered: { code: 'currency-not-offered', title: 'An item is not sold in this currency' },
  PriceChanged: { code: 'price-changed', title: 'The total is not the expected one' },
  AmountTooLarge: { code: 'amount-too-large', title: 'The total is larger than can be charged' },
  PaymentDeclined: { code: 'payment-declined', title: 'The payment was declined' },
  OutOfStock: { code: 'out-of-stock', title: 'An item is out of stock' },
  WarehouseRefused: { code: 'warehouse-refused', title: 'The warehouse does not take the order' },
  UndeliverableAddress: { code: 'undeliverable-address', title: 'No carrier delivers to the address' },
  StepUnavailable: { code: 'step-unavailable', title: 'A step did not answer in time and everything was undone' },
  Cancelled: { code: 'cancelled', title: 'The checkout was cancelled' },
  CheckoutExpired: { code: 'checkout-expired', title: 'The checkout waited too long to start' },
} as const;

export type Refusal = keyof typeof REFUSALS;
export type RefusalCode = (typeof REFUSALS)[Refusal]['code'];

export const isRefusal = (name: string | null | undefined): name is Refusal =>
  typeof name === 'string' && Object.hasOwn(REFUSALS, name);
