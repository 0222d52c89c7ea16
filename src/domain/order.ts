export interface Address {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string;
  readonly city: string;
  readonly region?: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** A checkout as the client asked for it: the body of `POST /v1/checkouts`. */
export interface CheckoutRequest {
  readonly customer: { readonly id: string; readonly email: string };
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  /** ISO 4217. */
  readonly currency: string;
  readonly payment: { readonly token: string };
  readonly shippingAddress: Address;
  /** Minor units. Can only refuse: the server prices the cart. */
  readonly expectedTotal?: number;
}
