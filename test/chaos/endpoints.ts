import type { Database } from '../../src/postgres/database';
import { hostileReceiver } from '../support/hostile-receiver';
import { DrippingFront } from './dripping-front';

/** One tenant has only a dripping endpoint, the other has both kinds: its dead one must not hold up the other. */
const DRIPPING_OF = ['acme', 'globex'] as const;
const DEAD_OF = 'globex';

/** The tenants' webhook endpoints. Every event must reach the dripping ones; the dead one takes calls and never answers. */
export class Endpoints {
  private constructor(
    readonly front: DrippingFront,
    private readonly dead: Awaited<ReturnType<typeof hostileReceiver>>,
  ) {}

  static async open(sandbox: string): Promise<Endpoints> {
    return new Endpoints(await DrippingFront.open(sandbox), await hostileReceiver('dead'));
  }

  /** Call it before the first order: earlier events are not owed to an endpoint. */
  async register(api: string): Promise<void> {
    for (const tenant of DRIPPING_OF) {
      const url = `${this.front.url}/webhooks/${tenant}`;
      const { secret } = await create(api, tenant, url);
      await call(url, { method: 'PUT', body: JSON.stringify({ secret }) });
    }
    await create(api, DEAD_OF, this.dead.url);
  }

  /** How many events wait for the dead endpoint and can never arrive. */
  async undeliverable(db: Database): Promise<number> {
    const { rows } = await db.query<{ count: number }>(
      `select count(*)::integer as count
         from outbox_parked
         join webhook_endpoints endpoint on endpoint.id = target
        where sink = 'webhooks' and url = $1`,
      [this.dead.url],
    );
    return rows[0]?.count ?? 0;
  }

  /** Deliveries that were accepted, with answers that dripped. */
  get dripped(): number {
    return this.front.dripped;
  }

  /** Deliveries that were never answered. */
  get unanswered(): number {
    return this.dead.requests();
  }

  async close(): Promise<void> {
    await Promise.all([this.front.close(), this.dead.close()]);
  }
}

async function create(api: string, tenant: string, url: string): Promise<{ secret: string }> {
  const authorization = `Bearer sk_sandbox_${tenant}`;
  const response = await call(`${api}/v1/webhooks`, {
    method: 'POST',
    headers: { authorization },
    body: JSON.stringify({ url }),
  });
  return (await response.json()) as { secret: string };
}

async function call(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, headers: { ...init.headers, 'content-type': 'application/json' } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response;
}
