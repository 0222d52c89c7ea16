import type { Carrier, LabelAnswer } from '../ports/carrier';
import type { SandboxHttp } from './sandbox-http';

export class SandboxCarrier implements Carrier {
  constructor(private readonly http: SandboxHttp) {}

  async generateLabel({ key, address, orderId }: Parameters<Carrier['generateLabel']>[0]): Promise<LabelAnswer> {
    const answer = await this.http.post({ path: '/carrier/labels', key, body: { address, orderId } });
    switch (answer.outcome) {
      case 'generated':
        return {
          outcome: 'generated',
          reference: answer.word('labelId'),
          trackingNumber: answer.word('trackingNumber'),
        };
      case 'undeliverable':
        return { outcome: 'undeliverable', reason: answer.word('reason') };
      case 'blocked':
        return { outcome: 'blocked' };
      default:
        throw answer.unusable('its outcome is unknown');
    }
  }

  async voidLabel({ key }: { key: string }): Promise<void> {
    const answer = await this.http.post({ path: '/carrier/voids', key, body: {} });
    if (answer.outcome !== 'voided' && answer.outcome !== 'closed') throw answer.unusable('its outcome is unknown');
  }
}
