import type { LightMyRequestResponse } from 'fastify';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import type { ApiWorld } from '../support/api-world';
import { stepsBefore } from '../support/checkout-world';

export const codeOf = (response: LightMyRequestResponse) => response.json<{ code: string }>().code;
export const idOf = (response: LightMyRequestResponse) => response.json<{ id: string }>().id;
export const replayed = (response: LightMyRequestResponse) => response.headers['idempotent-replayed'] === 'true';

export const claimsOf = async ({ db }: ApiWorld, key: string) =>
  (await db.query(`select from idempotency_claims where key = $1`, [key])).rowCount;

export const describeRun = ({ client }: ApiWorld, key: string) =>
  client.workflow.getHandle(checkoutWorkflowId('acme', key)).describe();

/** Runs the seven steps like a worker. */
export async function complete({ activities }: ApiWorld, checkoutId: string): Promise<void> {
  const order = { checkoutId, tenant: 'acme' };
  await stepsBefore(activities, order, 6);
  await activities.generateLabel(order);
}
