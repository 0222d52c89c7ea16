import type { OrderKey } from '../../src/contract/checkout';
import { apiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { workflowIdOf } from '../support/checkout-world';
import { eventually } from '../support/eventually';
import { privateWorker } from '../support/private-worker';

/** The sandbox's operator of all tenants. */
export const OPERATOR = 'sk_sandbox_operator';

interface Asked {
  readonly body: object;
  readonly key?: string | null;
  readonly apiKey?: string;
}

/** The API and a worker, whose orders need an operator after a second of faults. */
export async function operatorWorld() {
  const world = await apiWorld();
  const worker = await privateWorker(world.activities);

  return {
    ...world,
    async start(order: OrderKey): Promise<void> {
      await worker.start(world.client, await workflowIdOf(world.db, order), { ...order, attentionAfter: '1s' });
    },

    /** Waits until the workflow accepts repairs, a moment after Postgres has the case. */
    async untilItNeedsAttention(order: OrderKey): Promise<void> {
      const handle = world.client.workflow.getHandle(await workflowIdOf(world.db, order));
      await eventually(async () => {
        const { searchAttributes } = await handle.describe();
        return searchAttributes['CheckoutState']?.[0] === 'needs-attention' ? true : undefined;
      });
    },

    repair: (id: string, { body, key = aKey(), apiKey = OPERATOR }: Asked) =>
      world.app.inject({
        method: 'POST',
        url: `/v1/ops/checkouts/${id}/repair`,
        headers: { authorization: `Bearer ${apiKey}`, ...(key === null ? {} : { 'idempotency-key': key }) },
        payload: body,
      }),

    close: async () => {
      await worker.stop();
      await world.close();
    },
  };
}

export type OperatorWorld = Awaited<ReturnType<typeof operatorWorld>>;
