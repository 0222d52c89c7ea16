import { isMoment } from '../../domain/moment';
import { toMinorNumber } from '../../domain/money';
import type { Money } from '../../domain/money';
import type { PaymentGateway } from '../../ports/payment-gateway';
import { inMinorUnits } from './in-minor-units';
import type { MinorUnits } from './in-minor-units';
import type { VerbAt, VerbOf } from './protocol/protocol';
import type { AnswerTo } from './protocol/verb';
import { ProviderClient } from './provider-client';
import type { HttpSettings, HttpSurroundings } from './settings';

type Standing = AnswerTo<VerbAt<'payments', 'find'>>;

const toTheSecond = (moment: string): string => `${moment.slice(0, 'YYYY-MM-DDThh:mm:ss'.length)}Z`;

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

  /** The answer, unless it asks the customer where or until when nobody can be asked: it is shown, and stored as a time. */
  function askable<A extends Standing>(verb: VerbOf<'payments'>, answer: A): A {
    if (answer.outcome !== 'customer-action') return answer;
    if (URL.canParse(answer.url) && isMoment(toTheSecond(answer.expiresAt))) return answer;
    throw client.unusable(
      verb,
      'unusable-answer',
      'it asks the customer at no address, or until a moment that never was',
    );
  }

  return {
    async authorize({ key, amount, token }) {
      const request = { ...inMinorUnits(amount), token };
      const answer = askable('authorize', await client.call('authorize', key, request));
      return answer.outcome === 'authorized' ? ofThis(amount, 'authorize', answer) : answer;
    },
    async find({ key, amount }) {
      const answer = askable('find', await client.call('find', key, {}));
      return answer.outcome === 'authorized' ? ofThis(amount, 'find', answer) : answer;
    },
    async void({ key }) {
      const answer = await client.call('void', key, {});
      if (answer.outcome === 'rejected')
        throw client.unusable('void', 'unusable-answer', 'the money was taken and cannot be given back');
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
