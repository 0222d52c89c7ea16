/** What happens when a payment method is charged. */
export type Outcome =
  | { readonly kind: 'approved' }
  | { readonly kind: 'declined'; readonly code: string; readonly decline_code?: string; readonly message: string }
  | { readonly kind: 'authenticate'; readonly then: Outcome }
  | { readonly kind: 'processing' };

export interface TestMethod {
  readonly type: 'card' | 'us_bank_account';
  readonly outcome: Outcome;
}

const APPROVED: Outcome = { kind: 'approved' };

const declined = (decline_code: string): Outcome => ({
  kind: 'declined',
  code: 'card_declined',
  decline_code,
  message: decline_code === 'insufficient_funds' ? 'Your card has insufficient funds.' : 'Your card was declined.',
});

const card = (outcome: Outcome): TestMethod => ({ type: 'card', outcome });

/**
 * The test payment methods that this fake has, under Stripe's names (https://docs.stripe.com/testing). Those with `fake` in their names are
 * ours: Stripe has no card that is `processing` for as long as a test wants.
 */
const TEST_METHODS: Readonly<Record<string, TestMethod>> = {
  pm_card_visa: card(APPROVED),
  pm_card_mastercard: card(APPROVED),
  pm_card_chargeCustomerFail: card(declined('generic_decline')),
  pm_card_visa_chargeDeclined: card(declined('generic_decline')),
  pm_card_visa_chargeDeclinedInsufficientFunds: card(declined('insufficient_funds')),
  pm_card_visa_chargeDeclinedLostCard: card(declined('lost_card')),
  pm_card_visa_chargeDeclinedStolenCard: card(declined('stolen_card')),
  pm_card_chargeDeclinedExpiredCard: card({
    kind: 'declined',
    code: 'expired_card',
    message: 'Your card has expired.',
  }),
  pm_card_chargeDeclinedIncorrectCvc: card({
    kind: 'declined',
    code: 'incorrect_cvc',
    message: "Your card's security code is incorrect.",
  }),
  pm_card_chargeDeclinedProcessingError: card({
    kind: 'declined',
    code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  }),
  pm_card_authenticationRequired: card({ kind: 'authenticate', then: APPROVED }),
  pm_card_threeDSecure2Required: card({ kind: 'authenticate', then: APPROVED }),
  pm_card_threeDSecureRequiredChargeDeclined: card({ kind: 'authenticate', then: declined('generic_decline') }),
  pm_card_authenticationRequiredChargeDeclinedInsufficientFunds: card({
    kind: 'authenticate',
    then: declined('insufficient_funds'),
  }),
  pm_fake_processing: card({ kind: 'processing' }),
  pm_usBankAccount_success: { type: 'us_bank_account', outcome: { kind: 'processing' } },
};

/** What is behind the tokens of Stripe.js, and behind a confirmation token of ours: Stripe makes those in the customer's browser only. */
const TEST_TOKENS: Readonly<Record<string, string>> = {
  tok_visa: 'pm_card_visa',
  tok_chargeDeclined: 'pm_card_visa_chargeDeclined',
  tok_chargeDeclinedInsufficientFunds: 'pm_card_visa_chargeDeclinedInsufficientFunds',
  tok_threeDSecure2Required: 'pm_card_threeDSecure2Required',
  ctoken_fake_visa: 'pm_card_visa',
};

const entry = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

export const testMethod = (name: string): TestMethod | undefined =>
  entry(TEST_METHODS, entry(TEST_TOKENS, name) ?? name);

/** Bank debits take money, days later; they hold none. */
export const canBeHeld = ({ type }: TestMethod): boolean => type === 'card';
