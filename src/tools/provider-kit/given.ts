/** What the kit sends: made up, unless a provider knows only its own cards, currencies and goods. */
export interface Given {
  /** Of a payment that is authorized. */
  readonly token: string;
  /** Of a payment that is declined. */
  readonly declinedToken?: string | undefined;
  /** Of a payment that the customer has to approve. */
  readonly customerToken?: string | undefined;
  /** At the end of the customer's address, where a POST approves. */
  readonly approveSuffix?: string | undefined;
  /** Of a payment that the provider decides later, without the customer. */
  readonly pendingToken?: string | undefined;
  /** ISO 4217. */
  readonly currency: string;
  readonly sku: string;
  /** Who gets the mails. */
  readonly to: string;
}

export const GIVEN: Given = { token: 'tok_visa', currency: 'USD', sku: 'MUG-BLUE', to: 'provider-kit@example.com' };

const HOME = {
  name: 'Zoë Lovelace',
  line1: "12 St James's Sq",
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
};

/** `other` is what a second body asks for under the same key. */
export const ADDRESS = { usual: HOME, other: { ...HOME, line1: '10 Downing St', postalCode: 'SW1A 2AA' } };

export const OTHER_RECIPIENT = 'other-provider-kit@example.com';

/** In the minor unit. */
export const MINOR = { usual: 1_200n, other: 1_300n };

export const QUANTITY = { usual: 1, other: 2 };
