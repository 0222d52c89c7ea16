import { expect, test } from '@jest/globals';
import { checkPrivacy } from '../../../src/tools/verify/privacy/check-privacy';
import { inPlainSight, payloadsIn } from '../../../src/tools/verify/privacy/plain-sight';
import { secretsIn, secretsOfInstallation } from '../../../src/tools/verify/privacy/secrets';
import { aRequest } from '../../support/builders';

const SHIP_TO = {
  name: 'Ada "Countess" Lovelace',
  line1: "12 St James's Sq",
  line2: 'Flat 3',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
};
const SECRETS = [
  ...secretsIn('chk_1', aRequest({ shippingAddress: SHIP_TO, customer: { id: 'cus_42', email: 'ada@example.com' } })),
  ...secretsOfInstallation('local-1:c2VjcmV0IGtleSBieXRlcw=='),
];
const check = (text: string) => checkPrivacy(SECRETS, [{ kind: 'logs', place: 'api.log, line 7,', text }]);

test('accepts a text without personal data', async () => {
  expect(await check('POST /v1/checkouts 202 chk_1 cus_42')).toMatchObject({
    ...{ checked: 1, violations: 0 },
    details: { logs: { looked: 1, found: 0 } },
  });
});

test.each([
  ['the e-mail address', 'to ada@example.com'],
  ['the e-mail address', 'TO ADA@EXAMPLE.COM'],
  ['the name', '{"name":"Ada \\"Countess\\" Lovelace"}'],
  ['the street', "at 12 St James's Sq"],
  ['the payment token', '{"token":"tok_visa"}'],
  ['an API key', 'Bearer sk_sandbox_globex'],
  ['a payload key', 'PAYLOAD_KEYS=local-1:c2VjcmV0IGtleSBieXRlcw=='],
])('finds %s, without repeating it', async (kind, text) => {
  const { examples } = await check(text);

  expect(examples).toHaveLength(1);
  expect(examples[0]?.sentence).toContain(`api.log, line 7, shows ${kind}`);
  for (const { value } of SECRETS) expect(examples[0]?.sentence).not.toContain(value);
});

test.each([
  ['checkout/acme/order-tok_visa', 0],
  ['checkout/acme/order-tok_visa-again-tok_visa', 0],
  ['checkout/acme/order-tok_visa with tok_visa', 1],
])('an id that contains a token because its client chose it so is no leak: %s', async (text, violations) => {
  const ids = ['checkout/acme/order-tok_visa', 'checkout/acme/order-tok_visa-again-tok_visa'];

  const verdict = await checkPrivacy(SECRETS, [{ kind: 'histories', place: 'a history', text }], ids);

  expect(verdict).toMatchObject({ violations, checked: 1 });
});

test('does not search for a name or street that could be any word', () => {
  const anybody = { ...SHIP_TO, name: 'checkout', line1: '1', line2: '      ' };

  expect(secretsIn('chk_1', aRequest({ shippingAddress: anybody })).map(({ kind }) => kind)).toEqual([
    'the e-mail address',
    'the payment token',
  ]);
});

test('reads the bytes of payloads, wherever they are in a history', () => {
  const payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"ada@example.com"') };
  const history = { events: [{ eventId: 1, attributes: { input: { payloads: [payload] } } }] };

  expect([...payloadsIn(history)]).toEqual([payload]);
  expect(inPlainSight(history)).toContain('"ada@example.com"');
});
