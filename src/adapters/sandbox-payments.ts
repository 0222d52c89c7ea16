import { toMinorNumber } from '../domain/money';
import type { Money } from '../domain/money';
import type { AuthorizationAnswer, CaptureAnswer, PaymentGateway, RefundAnswer } from '../ports/payment-gateway';
import type { SandboxAnswer, SandboxHttp } from './sandbox-http';

type Authorization = Parameters<PaymentGateway['authorize']>[0];
type Capture = Parameters<PaymentGateway['capture']>[0];

export class SandboxPayments implements PaymentGateway {
  constructor(private readonly http: SandboxHttp) {}

  async authorize({ key, amount, token }: Authorization): Promise<AuthorizationAnswer> {
    const answer = await this.http.post({
      path: '/payments/authorizations',
      key,
      body: { ...inMinorUnits(amount), token },
    });
    switch (answer.outcome) {
      case 'authorized':
        // Holding the wrong amount is worse than holding none.
        expectAmount(answer, amount);
        return { outcome: 'authorized', reference: answer.word('authorizationId') };
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

  async capture({ key, amount }: Capture): Promise<CaptureAnswer> {
    const answer = await this.http.post({ path: '/payments/captures', key, body: inMinorUnits(amount) });
    switch (answer.outcome) {
      case 'captured':
        expectAmount(answer, amount);
        return { outcome: 'captured', reference: answer.word('captureId') };
      case 'rejected':
        return { outcome: 'rejected', reason: answer.word('reason') };
      default:
        throw answer.unusable('its outcome is unknown');
    }
  }

  async refund(): Promise<RefundAnswer> {
    throw new Error('The sandbox gives nothing back yet');
  }
}

const inMinorUnits = (money: Money) => ({ amount: toMinorNumber(money), currency: money.currency });

function expectAmount(answer: SandboxAnswer, expected: Money): void {
  const { amount, currency } = inMinorUnits(expected);
  if (answer.is('amount', amount) && answer.is('currency', currency)) return;
  throw answer.unusable('it names another amount than the one requested');
}
