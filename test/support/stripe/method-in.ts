import { InvalidParameter } from './api-error';
import { hash, oneOf, required, text } from './parameters';
import type { Parameters } from './parameters';
import type { MethodWanted } from './payment';

/** The three ways in which a request can name a payment method. */
export const METHOD = {
  payment_method: text,
  payment_method_data: hash({ type: oneOf('card'), card: hash({ token: text }) }),
  confirmation_token: text,
};

const CARD_TOKEN = 'payment_method_data[card][token]';

export function methodIn(given: Parameters<typeof METHOD>): MethodWanted | undefined {
  const { payment_method: method, payment_method_data: data, confirmation_token: token } = given;
  const [found, other] = [
    ...(method === undefined ? [] : [{ name: method, prefix: 'pm_', what: 'PaymentMethod', param: 'payment_method' }]),
    ...(data === undefined
      ? []
      : [{ name: required(data.card?.token, CARD_TOKEN), prefix: 'tok_', what: 'token', param: CARD_TOKEN }]),
    ...(token === undefined
      ? []
      : [{ name: token, prefix: 'ctoken_', what: 'confirmation_token', param: 'confirmation_token' }]),
  ];
  if (other) throw new InvalidParameter('A request can name one payment method only.', other.param);
  return found;
}
