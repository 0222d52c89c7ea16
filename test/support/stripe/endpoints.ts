import type { AccountBook } from './account-book';
import { missing } from './api-error';
import type { Fields } from './form';
import { METHOD, methodIn } from './method-in';
import type { NewIntent } from './new-intent';
import {
  amount,
  bool,
  currency,
  hash,
  list,
  metadata,
  mustBeEnough,
  oneOf,
  positive,
  readParameters,
  required,
  text,
} from './parameters';
import type { MethodWanted, Payment } from './payment';
import type { PaymentIntent } from './shapes';
import { wantReturnUrl } from './want-return-url';

export interface Call {
  readonly book: AccountBook;
  /** The `:id` of the path. */
  readonly id: string;
  readonly fields: Fields;
  /** A new payment with this payment method. */
  readonly newPayment: (intent: Omit<NewIntent, 'created'>, method: MethodWanted | undefined) => Payment;
}

export type EndpointName =
  | 'create'
  | 'retrieve'
  | 'confirm'
  | 'capture'
  | 'cancel'
  | 'refund'
  | 'list-refunds'
  | 'retrieve-refund'
  | 'account'
  | 'balance';

export interface Endpoint {
  readonly name: EndpointName;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Reads the parameters, and returns what carries the request out: what is wrong before that leaves the key unused. */
  readonly read: (call: Call) => () => object;
}

const EXPANDABLE = { expand: list(oneOf('latest_charge')) };
const INTENTS = '/v1/payment_intents';

const shown = ({ intent, charge }: Payment, expand: readonly string[] = []): PaymentIntent =>
  expand.includes('latest_charge') && charge !== undefined ? { ...intent, latest_charge: charge } : intent;

const create = ({ fields, newPayment }: Call) => {
  const given = readParameters(
    {
      ...EXPANDABLE,
      ...METHOD,
      return_url: text,
      amount,
      currency,
      metadata,
      description: text,
      confirm: bool,
      capture_method: oneOf('automatic', 'automatic_async', 'manual'),
      // Its version has no `payment_method_types` here: they follow from these.
      allowed_payment_method_types: list(oneOf('card', 'us_bank_account')),
      automatic_payment_methods: hash({ enabled: bool, allow_redirects: oneOf('always', 'never') }),
    },
    fields,
  );
  const method = methodIn(given);
  const wanted = {
    amount: required(given.amount, 'amount'),
    currency: required(given.currency, 'currency'),
    captureMethod: given.capture_method ?? ('automatic_async' as const),
    metadata: given.metadata ?? {},
    description: given.description ?? null,
    allowedTypes: given.allowed_payment_method_types,
    allowRedirects: given.automatic_payment_methods?.allow_redirects ?? ('always' as const),
  };
  mustBeEnough(wanted.amount, wanted.currency);
  if (given.confirm === true && wanted.allowedTypes === undefined)
    wantReturnUrl(wanted.allowRedirects, given.return_url);
  return () => {
    const payment = newPayment(wanted, method);
    if (given.confirm === true) payment.confirm({ returnUrl: given.return_url });
    return shown(payment, given.expand);
  };
};

const retrieve = ({ book, id, fields }: Call) => {
  const { expand } = readParameters(EXPANDABLE, fields);
  return () => shown(book.payment(id), expand);
};

const confirm = ({ book, id, fields }: Call) => {
  const given = readParameters({ ...EXPANDABLE, ...METHOD, return_url: text }, fields);
  const method = methodIn(given);
  return () => {
    const payment = book.payment(id);
    payment.confirm({ method, returnUrl: given.return_url });
    return shown(payment, given.expand);
  };
};

const capture = ({ book, id, fields }: Call) => {
  const given = readParameters({ ...EXPANDABLE, amount_to_capture: amount, metadata }, fields);
  return () => {
    const payment = book.payment(id);
    payment.capture(given.amount_to_capture);
    Object.assign(payment.intent.metadata, given.metadata);
    return shown(payment, given.expand);
  };
};

const cancel = ({ book, id, fields }: Call) => {
  const reasons = oneOf('duplicate', 'fraudulent', 'requested_by_customer', 'abandoned');
  const given = readParameters({ ...EXPANDABLE, cancellation_reason: reasons }, fields);
  return () => {
    const payment = book.payment(id);
    payment.cancel(given.cancellation_reason ?? null);
    return shown(payment, given.expand);
  };
};

const refund = ({ book, fields }: Call) => {
  const reasons = oneOf('duplicate', 'fraudulent', 'requested_by_customer');
  const given = readParameters({ payment_intent: text, amount, reason: reasons, metadata }, fields);
  const wanted = {
    intent: required(given.payment_intent, 'payment_intent'),
    amount: given.amount,
    reason: given.reason ?? null,
    metadata: given.metadata ?? {},
  };
  return () => book.refund(wanted);
};

const MOST_IN_A_LIST = 100;
const USUALLY_IN_A_LIST = 10;

const listRefunds = ({ book, fields }: Call) => {
  const given = readParameters({ payment_intent: text, limit: positive, starting_after: text }, fields);
  const limit = Math.min(given.limit ?? USUALLY_IN_A_LIST, MOST_IN_A_LIST);
  return () => {
    const wanted = given.payment_intent;
    const all = book.refunds.filter(({ payment_intent }) => wanted === undefined || payment_intent === wanted);
    const from = all.findIndex(({ id }) => id === given.starting_after) + 1;
    const data = all.slice(from, from + limit);
    return { object: 'list', data, has_more: from + limit < all.length, url: '/v1/refunds' };
  };
};

const retrieveRefund = ({ book, id, fields }: Call) => {
  readParameters({}, fields);
  return () => {
    const found = book.refunds.find((one) => one.id === id);
    if (found === undefined) throw missing('refund', id, 'id', 404);
    return found;
  };
};

const account = ({ book, fields }: Call) => {
  readParameters({}, fields);
  return () => ({ id: book.id, object: 'account', charges_enabled: true, payouts_enabled: true, type: 'standard' });
};

const balance = ({ fields }: Call) => {
  readParameters({}, fields);
  return () => ({ object: 'balance', available: [], livemode: false, pending: [] });
};

/** The whole API of this fake. */
export const ENDPOINTS: readonly Endpoint[] = [
  { name: 'create', method: 'POST', path: INTENTS, read: create },
  { name: 'retrieve', method: 'GET', path: `${INTENTS}/:id`, read: retrieve },
  { name: 'confirm', method: 'POST', path: `${INTENTS}/:id/confirm`, read: confirm },
  { name: 'capture', method: 'POST', path: `${INTENTS}/:id/capture`, read: capture },
  { name: 'cancel', method: 'POST', path: `${INTENTS}/:id/cancel`, read: cancel },
  { name: 'refund', method: 'POST', path: '/v1/refunds', read: refund },
  { name: 'list-refunds', method: 'GET', path: '/v1/refunds', read: listRefunds },
  { name: 'retrieve-refund', method: 'GET', path: '/v1/refunds/:id', read: retrieveRefund },
  { name: 'account', method: 'GET', path: '/v1/account', read: account },
  { name: 'balance', method: 'GET', path: '/v1/balance', read: balance },
];
