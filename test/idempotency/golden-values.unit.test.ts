import { expect, test } from '@jest/globals';
import { fingerprintOf } from '../../src/idempotency/fingerprint';
import { resourceIdOf } from '../../src/idempotency/key';

// Computed once by another program. Claims that live 400 days and the keys at every provider depend on these values: if one changed, repeats
// would be refused as other requests, and orders would be placed twice.

test('the id of a tenant and a key never changes', () => {
  expect(resourceIdOf('chk', 'acme', 'my-first-order')).toBe('chk_2a7effe2b53c8f19ff781f95a0132cae');
});

test('the fingerprint of a request never changes, whatever the order of its members', () => {
  const request = { operation: 'POST /v1/checkouts', version: 'v1', body: { b: [{ d: null, c: 'é' }], a: 1 } };

  expect(fingerprintOf(request).toString('hex')).toBe(
    'f4464f6d71d671ab22d947b6ec2d2a24b55111d409dd60884238e2229a733f44',
  );
});
