/** Typed search attributes: what an operator filters by in the Web UI. Never encrypted, so no personal data. */
export const CHECKOUT_STATE = { name: 'CheckoutState', type: 'KEYWORD' } as const;
export const CHECKOUT_STEP = { name: 'CheckoutStep', type: 'KEYWORD' } as const;
export const TENANT = { name: 'Tenant', type: 'KEYWORD' } as const;
export const REFUSAL_CODE = { name: 'RefusalCode', type: 'KEYWORD' } as const;

/** What has to be registered with a Temporal server. */
export const SEARCH_ATTRIBUTES = [CHECKOUT_STATE, CHECKOUT_STEP, TENANT, REFUSAL_CODE] as const;
