import { describe, expect, test } from '@jest/globals';
import { AddressRefused, admit } from '../../src/webhooks/address-guard';
import { isPublicAddress } from '../../src/webhooks/public-address';
import { resolveHere, resolveInDns } from '../../src/webhooks/resolve';
import { attacks, rebinding, resolve } from './attacks';

const strictly = { allowPrivate: false, resolve };

test.each(attacks())('refuses %s', async (_attack, url) => {
  await expect(admit(url, strictly)).rejects.toThrow(AddressRefused);
});

test('admits a URL with all its addresses, and without what is never sent', async () => {
  const { url, addresses } = await admit('HTTPS://Shop.Example:443/hooks?a=b#c', strictly);

  expect(url.href).toBe('https://shop.example/hooks?a=b');
  expect(addresses).toEqual([
    { address: '93.184.216.34', family: 4 },
    { address: '2606:2800:220:1:248:1893:25c8:1946', family: 6 },
  ]);
});

test.each(['https://8.8.8.8/', 'https://[2606:4700::1111]/', 'https://shop.example:8443/'])(
  'admits %s',
  async (url) => {
    await expect(admit(url, strictly)).resolves.toMatchObject({ url: { href: url } });
  },
);

test('resolves a name that was public again each time', async () => {
  const { ask } = rebinding('93.184.216.34', '127.0.0.1');
  const rules = { allowPrivate: false, resolve: ask };

  await expect(admit('https://shop.example/', rules)).resolves.toBeDefined();
  await expect(admit('https://shop.example/', rules)).rejects.toThrow(AddressRefused);
});

test('does not reveal whether an internal name exists', async () => {
  const sentence = (host: string) =>
    admit(`https://${host}/`, strictly).catch((error: Error) => error.message.replace(host, 'HOST'));

  expect(await sentence('intranet.example')).toBe(await sentence('nowhere.example'));
});

test('in development, allows http and private addresses, and still refuses the rest', async () => {
  const loosely = { allowPrivate: true, resolve };
  const admitted = ['http://127.0.0.1:3001/', 'https://[::1]:3001/', 'http://localhost:3001/'];
  const refused = [
    'file:///etc/passwd',
    'http://user@127.0.0.1:3001/',
    'http://127.0.0.1:25/',
    'http://nowhere.example/',
  ];

  for (const url of admitted) await expect(admit(url, loosely)).resolves.toBeDefined();
  for (const url of refused) await expect(admit(url, loosely)).rejects.toThrow(AddressRefused);
});

describe('an address', () => {
  const PUBLIC = [
    '1.1.1.1',
    '9.255.255.255',
    '100.63.255.255',
    '172.15.0.1',
    '172.32.0.1',
    '192.0.3.1',
    '223.255.255.255',
  ];
  const PUBLIC_V6 = ['2001:4860:4860::8888', '2606:4700::1111', '2a00:1450::1', '2003::1'];
  const SPECIAL = ['192.0.2.1', '198.18.0.1', '198.51.100.7', '203.0.113.7', '240.0.0.1', '239.1.2.3', '0.1.2.3'];
  const SPECIAL_V6 = [
    '::',
    '::1',
    '::ffff:8.8.8.8',
    'ff02::1',
    'fe80::1%eth0',
    'fec0::1',
    '100::1',
    '2001:db8::1',
    '3fff::1',
  ];

  test.each([...PUBLIC, ...PUBLIC_V6])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));
  test.each([...SPECIAL, ...SPECIAL_V6, '', 'shop.example'])('%s is not public', (address) =>
    expect(isPublicAddress(address)).toBe(false),
  );
});

test('resolves names of the machine in development only', async () => {
  expect((await resolveHere('localhost')).map(({ address }) => address)).toContain('127.0.0.1');
  // RFC 6761 reserves .invalid, so no name server knows it.
  expect(await resolveInDns('nowhere.invalid')).toEqual([]);
});
