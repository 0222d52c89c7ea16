import type { FulfillmentAnswer, Warehouse } from '../ports/warehouse';
import type { SandboxHttp } from './sandbox-http';

export class SandboxWarehouse implements Warehouse {
  constructor(private readonly http: SandboxHttp) {}

  async trigger({ key, lines, address }: Parameters<Warehouse['trigger']>[0]): Promise<FulfillmentAnswer> {
    const body = { lines: lines.map(({ sku, quantity }) => ({ sku, quantity })), address };
    const answer = await this.http.post({ path: '/warehouse/fulfillments', key, body });
    switch (answer.outcome) {
      case 'triggered':
        return { outcome: 'triggered', reference: answer.word('fulfillmentId') };
      case 'refused':
        return { outcome: 'refused', reason: answer.word('reason') };
      case 'blocked':
        return { outcome: 'blocked' };
      default:
        throw answer.unusable('its outcome is unknown');
    }
  }

  async cancel({ key }: { key: string }): Promise<void> {
    const answer = await this.http.post({ path: '/warehouse/cancellations', key, body: {} });
    if (answer.outcome !== 'cancelled' && answer.outcome !== 'closed') throw answer.unusable('its outcome is unknown');
  }
}
