import { expect, test } from '@jest/globals';
import { buildSandbox } from '../../../src/local/sandbox/build-sandbox';
import { aDataDir } from '../../support/sandbox';

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const anEvent = (data: string) => `{"id":"evt_1","type":"x","subject":"chk_1","sequence":"1","data":${data}}`;

test.each([
  ['a provider', 'POST', '/provider/v1/payments/authorize', (deep: string) => deep],
  ['the fault switches', 'PUT', '/faults', (deep: string) => `{"rules":${deep}}`],
  ['the setting of a webhook secret', 'PUT', '/webhooks/acme', (deep: string) => deep],
  ['the receiver of webhooks', 'POST', '/webhooks/acme', anEvent],
] as const)(
  'answers 5,000 nested arrays sent to %s with 400 before it descends into them',
  async (_to, method, url, of) => {
    const app = buildSandbox({ dataDir: aDataDir() });
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'chk_1:payment-authorized' };
    const call = async (levels: number) => {
      const answer = await app.inject({ method, url, headers, payload: of(nested(levels)) });
      return [answer.statusCode, answer.statusCode === 204 ? '' : answer.json<{ code: string }>().code];
    };

    expect(await call(5_000)).toEqual([400, 'nested-too-deeply']);
    expect(await call(17)).toEqual([400, 'nested-too-deeply']);
    expect(await call(8)).not.toContain('nested-too-deeply');
    await app.close();
  },
);
