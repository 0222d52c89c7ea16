import { toMinorNumber } from '../../domain/money';
import type { Money } from '../../domain/money';
import type { PaymentGateway } from '../../ports/payment-gateway';
import { inMinorUnits } from './in-minor-units';
import type { MinorUnits } from './in-minor-units';
import type { VerbOf } from './protocol/protocol';
import { ProviderClient } from './provider-client';
import type { HttpSettings, HttpSurroundings } from './settings';

/** `PaymentGateway` over the HTTP provider protocol. */
export function httpPayments(settings: HttpSettings, surroundings?: HttpSurroundings): PaymentGateway {
  const client = new ProviderClient('payments', settings, surroundings);

  /** The answer without its amount, which must be the one asked for: holding the wrong amount is worse than holding none. */
  function ofThis<A extends MinorUnits>(
    expected: Money,
    verb: VerbOf<'payments'>,
    answer: A,
  ): Omit<A, keyof MinorUnits> {
    const { amount, currency, ...rest } = answer;
    if (amount === toMinorNumber(expected) && currency === expected.currency) return rest;
    throw client.unusable(verb, 'other-amount', 'it names another amount than the one requested');
  }

  return {
    async authorize({ key, amount, token }) {
      const answer = await client.call('authorize', key, { ...inMinorUnits(amount), token });
      return answer.outcome === 'authorized' ? ofThis(amount, 'authorize', answer) : answer;
    },
    async find({ key, amount }) {
      const answer = await client.call('find', key, {});
      return answer.outcome === 'authorized' ? ofThis(amount, 'find', answer) : answer;
    },
    async void({ key }) {
      const answer = await client.call('void', key, {});
      if (answer.outcome === 'rejected')
        throw client.unusable('void', 'unusable-answer', 'the money was captured and can no longer be freed');
    },
    async capture({ key, amount }) {
      const answer = await client.call('capture', key, inMinorUnits(amount));
      return answer.outcome === 'captured' ? ofThis(amount, 'capture', answer) : answer;
    },
    async refund({ key, refund, amount }) {
      const answer = await client.call('refund', key, { refund, ...inMinorUnits(amount) });
      return answer.outcome === 'refunded' ? ofThis(amount, 'refund', answer) : answer;
    },
  };
}
