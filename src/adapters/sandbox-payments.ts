import { toMinorNumber } from '../domain/money';
import type { AuthorizationAnswer, PaymentGateway } from '../ports/payment-gateway';
import type { SandboxHttp } from './sandbox-http';

type Authorization = Parameters<PaymentGateway['authorize']>[0];

export class SandboxPayments implements PaymentGateway {
  constructor(private readonly http: SandboxHttp) {}

  async authorize({ key, amount, token }: Authorization): Promise<AuthorizationAnswer> {
    const minor = toMinorNumber(amount);
    const body = { amount: minor, currency: amount.currency, token };
    const answer = await this.http.post({ path: '/payments/authorizations', key, body });
    switch (answer.outcome) {
      case 'authorized':
        // Holding another amount than the order's is worse than holding none.
        if (!answer.is('amount', minor) || !answer.is('currency', amount.currency)) {
          throw answer.unusable('it is about another amount than was asked for');
        }
        return { outcome: 'authorized', authorizationId: answer.word('authorizationId') };
      case 'declined':
        return { outcome: 'declined', reason: answer.word('reason') };
      case 'blocked':
        return { outcome: 'blocked' };
      default:
        throw answer.unusable('its outcome is unknown');
    }
  }

  async void({ key }: { key: string }): Promise<void> {
    const answer = await this.http.post({ path: '/payments/voids', key, body: {} });
    // `closed`: nothing was held, and from now on nothing will be.
    if (answer.outcome === 'voided' || answer.outcome === 'closed') return;
    if (answer.outcome === 'rejected') throw answer.unusable('the money was captured and can no longer be freed');
    throw answer.unusable('its outcome is unknown');
  }
}
