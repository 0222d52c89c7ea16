import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import Stripe from 'stripe';
import { FAULTS_OF_STRIPE, stripeFault } from '../../../src/adapters/stripe/stripe-fault';
import { ProviderFault } from '../../../src/ports/provider-fault';

const CLASSES = Object.values(Stripe.errors).filter(
  (each) => typeof each === 'function' && Error.prototype.isPrototypeOf.call(Error.prototype, each.prototype as object),
) as (new (raw: object) => Error)[];

test('each class of error that the library has is a fault, and the table has no other', () => {
  expect(CLASSES.map(({ name }) => name).sort()).toEqual(Object.keys(FAULTS_OF_STRIPE).sort());
});

test.each(CLASSES.filter(({ name }) => name !== 'StripeAPIError').map((each) => [each.name, each] as const))(
  '%s is what the table says, and keeps its message to itself',
  (name, Class) => {
    const error = new Class({ message: 'for tok_visa', statusCode: 400, code: 'some_code', requestId: 'req_1' });

    const fault = stripeFault('authorize', error);

    expect(fault).toBeInstanceOf(ProviderFault);
    expect(fault).toMatchObject({ fault: FAULTS_OF_STRIPE[name] });
    expect(fault).not.toHaveProperty('cause');
    expect((fault as Error).message).not.toContain('tok_visa');
  },
);

test.each([
  [500, 'server-error'],
  [503, 'server-error'],
  // The same request is still under way.
  [409, 'timed-out'],
  [405, 'refused-call'],
  // Not JSON.
  [undefined, 'not-json'],
])('an API error with status %p is %s', (statusCode, fault) => {
  const raw = { type: 'api_error' as const, message: '', ...(statusCode !== undefined && { statusCode }) };

  expect(stripeFault('find', new Stripe.errors.StripeAPIError(raw as never))).toMatchObject({ fault });
});

test.each([
  [Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } }), 'unreachable'],
  [Object.assign(new TypeError('fetch failed'), { cause: { code: 'UND_ERR_SOCKET' } }), 'unreachable'],
  [Object.assign(new TypeError('fetch failed'), { cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } }), 'bad-certificate'],
  [{ exception: { cause: { code: 'ETIMEDOUT' } } }, 'timed-out'],
  [undefined, 'unreachable'],
])('a connection that failed with %p is %s', (detail, fault) => {
  const error = new Stripe.errors.StripeConnectionError({ message: '', detail } as never);

  expect(stripeFault('find', error)).toMatchObject({ fault });
});

test('the table in docs/providers.md names each class that our requests can meet', () => {
  const docs = readFileSync(path.join(__dirname, '../../../docs/providers.md'), 'utf8');
  const met = Object.keys(FAULTS_OF_STRIPE).filter((name) => /^Stripe(?!OAuth|Unsupported|Signature)/.test(name));
  const ofOAuth = ['StripeInvalidGrantError', 'StripeInvalidClientError', 'StripeInvalidScopeError'];

  const untold = met.filter((name) => !ofOAuth.includes(name) && !docs.includes(`\`${name}\``));

  expect(untold).toEqual([]);
});
