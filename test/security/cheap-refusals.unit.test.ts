import { afterEach, expect, test } from '@jest/globals';
import { isTemporalAway } from '../../src/runtime/temporal';
import { bareApi } from '../support/bare-api';
import type { BareApi } from '../support/bare-api';
import { calm } from './calm';

let served: BareApi | undefined;
const jests = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
afterEach(async () => {
  if (jests) Object.defineProperty(Error, 'prepareStackTrace', jests);
  await served?.app.close();
});

test.each([
  ['a body that is too large', 413, 'application/json', `"${'4 '.repeat(2_000)}"`],
  ['a body that is not JSON', 400, 'application/json', '{'],
  ['a body of an unknown type', 415, 'application/xml', '<a/>'],
])('refuses %s without making a stack trace', async (_what, status, type, payload) => {
  const { app } = (served = await bareApi({
    isUnavailable: isTemporalAway,
    findCaller: () => ({ keyId: 'key', tenant: 'acme', scope: 'merchant' }),
  }));
  await calm(app);
  const request = {
    ...{ method: 'POST', url: '/v1/checkouts/chk_1/cancel', payload },
    headers: { authorization: 'Bearer sk_sandbox_acme', 'content-type': type, 'idempotency-key': 'key-12345' },
  } as const;
  let made = 0;
  Error.prepareStackTrace = () => `${(made += 1)}`;
  const answer = await app.inject(request);

  expect([answer.statusCode, made]).toEqual([status, 0]);
});
