import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { buildSandbox } from '../../../src/local/sandbox/build-sandbox';
import type { Receipt } from '../../../src/local/sandbox/webhook-receiver';
import { newSecret, signatureHeaders } from '../../../src/webhooks/signature';
import { aDataDir, listeningSandbox, sandboxClient } from '../../support/sandbox';

function setup(dataDir = aDataDir()) {
  const app = buildSandbox({ dataDir });
  const deliver = (event: object, { name = 'acme', headers = {} }: { name?: string; headers?: object } = {}) =>
    app.inject({
      ...{ method: 'POST', url: `/webhooks/${name}`, payload: JSON.stringify(event) },
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8', ...headers },
    });
  const { journal, faults, fired } = sandboxClient(app);
  const receipts = async (key?: string) => (await journal('webhooks', key)) as unknown as (Receipt & { seq: number })[];
  return { app, dataDir, deliver, receipts, faults, fired };
}

const anEvent = (id = 'evt_1', sequence = '1') => ({
  ...{ specversion: '1.0', id, sequence, subject: 'chk_1', type: 'com.durablecheckout.payment.authorized.v1' },
  data: { authorizationId: 'auth_1' },
});
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

test('keeps what it received, in order, and recognizes duplicates, even after a restart', async () => {
  const { app, dataDir, deliver } = setup();
  const statuses = [await deliver(anEvent()), await deliver(anEvent('evt_2', '2'))].map(({ statusCode }) => statusCode);
  await app.close();

  const restarted = setup(dataDir);
  await restarted.deliver(anEvent());
  await restarted.deliver(anEvent(), { name: 'globex' });

  expect(statuses).toEqual([204, 204]);
  const first = (await restarted.receipts())[0];
  expect(first).toEqual({
    ...{ at: expect.any(String), seq: 1, name: 'acme', id: 'evt_1', subject: 'chk_1', sequence: 1 },
    ...{ type: 'com.durablecheckout.payment.authorized.v1', digest: digestOf(JSON.stringify(anEvent())) },
    ...{ signed: null, redelivered: false },
  });
  expect((await restarted.receipts()).map(({ seq, name, id, redelivered }) => [seq, name, id, redelivered])).toEqual([
    [1, 'acme', 'evt_1', false],
    [2, 'acme', 'evt_2', false],
    [3, 'acme', 'evt_1', true],
    [4, 'globex', 'evt_1', false],
  ]);
  expect(await restarted.receipts('globex:chk_1')).toHaveLength(1);
});

test('says whether an event was signed, once it knows the secret', async () => {
  const { app, deliver, receipts } = setup();
  const secret = newSecret();
  const signed = { id: 'evt_1', at: new Date(), body: JSON.stringify(anEvent()) };
  const stale = { ...signed, at: new Date(Date.now() - 301_000) };
  const put = await app.inject({ method: 'PUT', url: '/webhooks/acme', payload: { secret } });

  await deliver(anEvent(), { headers: signatureHeaders(secret, signed) });
  await deliver(anEvent(), { headers: signatureHeaders(newSecret(), signed) });
  await deliver(anEvent(), { headers: signatureHeaders(secret, stale) });
  await deliver(anEvent());
  await deliver(anEvent(), { name: 'globex', headers: signatureHeaders(secret, signed) });

  expect(put.statusCode).toBe(204);
  expect((await receipts()).map((receipt) => receipt.signed)).toEqual([true, false, false, false, null]);
});

test('fails before taking an event, or refuses with 410, as its faults say', async () => {
  const { deliver, receipts, faults, fired } = setup();
  await faults([
    { provider: 'webhooks', kind: 'fail-before', key: 'acme:chk_1', times: 1 },
    { provider: 'webhooks', kind: 'refuse', key: 'globex:' },
    { provider: 'webhooks', kind: 'slow', delayMs: 20, times: 1 },
  ]);

  const statuses = [await deliver(anEvent()), await deliver(anEvent()), await deliver(anEvent(), { name: 'globex' })];

  expect(statuses.map(({ statusCode }) => statusCode)).toEqual([503, 204, 410]);
  expect(await fired()).toEqual([1, 1, 1]);
  expect(await receipts()).toHaveLength(1);
});

test('takes an event and loses the answer', async () => {
  const { app, baseUrl } = await listeningSandbox();
  const { faults, journal } = sandboxClient(app);
  await faults([{ provider: 'webhooks', kind: 'lose-answer', times: 1 }]);
  const send = () => fetch(`${baseUrl}/webhooks/acme`, { method: 'POST', body: JSON.stringify(anEvent()) });

  await expect(send()).rejects.toThrow('fetch failed');
  const again = await send();

  expect(again.status).toBe(204);
  expect((await journal('webhooks')).map(({ redelivered }) => redelivered)).toEqual([false, true]);
  await app.close();
});

test.each([
  ['no JSON', '{'],
  ['no event', '{}'],
  ['no number', JSON.stringify(anEvent('evt_1', 'x'))],
  ['nothing', ''],
])('rejects what is not an event: %s', async (_, payload) => {
  const { app, receipts } = setup();
  const headers = { 'content-type': 'application/cloudevents+json' };

  const refused = await app.inject({ method: 'POST', url: '/webhooks/acme', headers, payload });

  expect(refused.statusCode).toBe(400);
  expect(await receipts()).toEqual([]);
});
