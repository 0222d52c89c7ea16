import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HTTP_PORTS } from '../../src/adapters/http/http-ports';
import { resourceIdOf } from '../../src/idempotency/key';
import { aKey, aRequest } from '../support/builders';
import { eventually } from '../support/eventually';
import { OwnStack } from '../support/own-stack';
import { idIn } from '../support/running-stack';
import { verify } from '../tools/verify/verify-command';

/** A stack of its own, because fault switches are set all together. */
let stack: OwnStack;
beforeAll(async () => (stack = await OwnStack.start()));
afterAll(() => stack.stop());

const STEP = 'fulfillment-triggered';
const operator = { authorization: 'Bearer sk_sandbox_operator', 'content-type': 'application/json' };

interface Case {
  readonly checkoutId: string;
  readonly step: string;
  readonly kind: string;
}

async function casesOf(id: string): Promise<Case[]> {
  const response = await fetch(`${stack.file.api}/v1/ops/attention`, { headers: operator });
  return ((await response.json()) as { attention: Case[] }).attention.filter(({ checkoutId }) => checkoutId === id);
}

const repair = (id: string, action: string) =>
  fetch(`${stack.file.api}/v1/ops/checkouts/${id}/repair`, {
    method: 'POST',
    headers: { ...operator, 'idempotency-key': aKey() },
    body: JSON.stringify({ step: STEP, action, reason: 'Shipped from the other house.' }),
  });

/** The carrier is away until the case is open: the label, and with it the capture, comes later. */
async function refusedAfterItWasAccepted(): Promise<string> {
  const key = aKey();
  const id = resourceIdOf('chk', 'acme', key);
  const carrierIsAway = { provider: 'carrier', kind: 'fail-before', key: id };
  await stack.faults([{ provider: 'warehouse', operation: 'fulfill', kind: 'refuse-later', key: id }, carrierIsAway]);
  expect(idIn(await stack.place(aRequest(), { key, headers: { prefer: 'wait=0' } }))).toBe(id);
  await eventually(async () => ((await casesOf(id)).length > 0 ? true : undefined));
  await stack.faults([]);
  return id;
}

test('a warehouse that refuses after it had accepted calls operators, who settle it before the capture', async () => {
  const id = await refusedAfterItWasAccepted();

  expect(await casesOf(id)).toMatchObject([{ step: STEP, kind: 'fulfillment' }]);
  expect((await stack.ended(id)).state).toBe('completed');
  // Asked again, the warehouse says the same.
  expect((await repair(id, 'retry')).status).toBe(200);
  await eventually(async () => {
    const { rows } = await stack.db.query(`select from provider_notices where checkout_id = $1 and asked_at is null`, [
      id,
    ]);
    return rows.length === 0 || undefined;
  });
  expect(await casesOf(id)).toHaveLength(1);
  const { code: whileOpen } = await verify(stack.dataDir, ['--settle', '0', '--only', 'P4,P5,P11']);
  expect(await stack.journal('payments', id)).toMatchObject([{ outcome: 'authorized' }]);

  expect((await repair(id, 'resolve')).status).toBe(200);
  await eventually(async () => {
    const outcomes = (await stack.journal('payments', id)).map(({ outcome }) => outcome);
    return outcomes.includes('captured') || undefined;
  });

  expect(await casesOf(id)).toEqual([]);
  expect(await stack.journal('warehouse', id)).toMatchObject([{ outcome: 'accepted' }, { outcome: 'refused' }]);
  const { code: afterwards } = await verify(stack.dataDir, ['--settle', '0', '--only', 'P4,P5,P11']);
  expect([whileOpen, afterwards]).toEqual([0, 0]);
});

test('the sandbox of npm start is called with signatures only, by a secret that no process was started with', async () => {
  const { sandbox: url, sandboxSecret: secret, pids } = stack.file;
  const request = { key: 'chk_0:payment-authorized', amount: { minor: 100n, currency: 'USD' }, token: 'tok_declined' };

  await expect(HTTP_PORTS.payments({ url }).authorize(request)).rejects.toThrow('status 401');
  expect(await HTTP_PORTS.payments({ url, secret }).authorize(request)).toMatchObject({ outcome: 'declined' });
  for (const pid of Object.values(pids)) expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(secret);
});
