import type { Database } from '../../src/postgres/database';
import { hostileReceiver } from '../support/hostile-receiver';
import { DrippingFront } from './dripping-front';

/** A tenant of each kind of endpoint, and one that has both: its dead one must not hold up the other. */
const DRIPPING_OF = ['acme', 'globex'] as const;
const DEAD_OF = 'globex';

/** Where the tenants have their events sent. Every event has to get to the dripping ones; the dead one takes calls and never answers. */
export class Endpoints {
  private constructor(
    readonly front: DrippingFront,
    private readonly dead: Awaited<ReturnType<typeof hostileReceiver>>,
  ) {}

  static async open(sandbox: string): Promise<Endpoints> {
    return new Endpoints(await DrippingFront.open(sandbox), await hostileReceiver('dead'));
  }

  /** Before the first order: what was announced earlier is not owed. */
  async register(api: string): Promise<void> {
    for (const tenant of DRIPPING_OF) {
      const url = `${this.front.url}/webhooks/${tenant}`;
      const { secret } = await create(api, tenant, url);
      await call(url, { method: 'PUT', body: JSON.stringify({ secret }) });
    }
    await create(api, DEAD_OF, this.dead.url);
  }

  /** Events that wait for the dead endpoint: nobody expects them to arrive. */
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

  /** Deliveries that were taken, and whose answers dripped. */
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
