import { format } from '../domain/money';
import type { Mailer, MailAnswer } from '../ports/mailer';
import type { SandboxHttp } from './sandbox-http';

export class SandboxMailer implements Mailer {
  constructor(private readonly http: SandboxHttp) {}

  async sendConfirmation({ key, to, orderId, total }: Parameters<Mailer['sendConfirmation']>[0]): Promise<MailAnswer> {
    const answer = await this.http.post({ path: '/mail/messages', key, body: { to, orderId, total: format(total) } });
    if (answer.outcome === 'sent') return { outcome: 'sent', reference: answer.word('messageId') };
    if (answer.outcome === 'blocked') return { outcome: 'blocked' };
    throw answer.unusable('its outcome is unknown');
  }

  async sendCancellation({ key, to, orderId }: Parameters<Mailer['sendCancellation']>[0]): Promise<void> {
    const answer = await this.http.post({ path: '/mail/cancellations', key, body: { to, orderId } });
    if (answer.outcome !== 'sent' && answer.outcome !== 'closed') throw answer.unusable('its outcome is unknown');
  }

  async sendRefundNotice(): Promise<MailAnswer> {
    throw new Error('The sandbox has no refund notices yet');
  }
}
