import type { LookupAddress } from 'node:dns';

const as = (address: string): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 });

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'shop.example': ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'],
  localhost: ['127.0.0.1', '::1'],
  'intranet.example': ['10.1.2.3'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
  'mixed-v6.example': ['93.184.216.34', 'fd00::1'],
  'mapped.example': ['::ffff:127.0.0.1'],
};

/** The name servers of these tests. */
export const resolve = async (host: string): Promise<LookupAddress[]> => {
  const addresses = NAMES[host];
  if (!addresses) throw new Error(`ENOTFOUND ${host}`);
  return addresses.map(as);
};

/** A name that resolves to another address each time; the last one stays. */
export function rebinding(...addresses: string[]) {
  const answers: string[] = [];
  const ask = async (): Promise<LookupAddress[]> => {
    const address = addresses[Math.min(answers.length, addresses.length - 1)] ?? '';
    answers.push(address);
    return [as(address)];
  };
  return { ask, answers };
}

/** URLs that must never be called, by the name of the attack. The port is one that listens on this machine. */
export const attacks = (port = 8443): [attack: string, url: string][] => [
  ['127.0.0.1', `https://127.0.0.1:${port}/`],
  ['169.254.169.254', 'https://169.254.169.254/latest/meta-data/'],
  ['[::1]', `https://[::1]:${port}/`],
  ['::ffff:127.0.0.1', `https://[::ffff:127.0.0.1]:${port}/`],
  ['0x7f.1', `https://0x7f.1:${port}/`],
  ['decimal IP', `https://2130706433:${port}/`],
  ['octal IP', `https://0177.0.0.1:${port}/`],
  ['circled digits', `https://①②⑦.0.0.1:${port}/`],
  ['short IP', `https://127.1:${port}/`],
  ['0.0.0.0', `https://0.0.0.0:${port}/`],
  ['user@host', `https://user@shop.example:${port}/`],
  ['user:password@host', `https://shop.example:${port}@127.0.0.1:${port}/`],
  ['file:', 'file:///etc/passwd'],
  ['http:', `http://shop.example:${port}/`],
  ['gopher:', `gopher://127.0.0.1:${port}/`],
  ['data:', 'data:text/plain,hello'],
  ['no URL', 'shop.example/hooks'],
  ['10/8', 'https://10.0.0.1/'],
  ['172.16/12', 'https://172.31.255.255/'],
  ['192.168/16', 'https://192.168.1.1/'],
  ['100.64/10', 'https://100.64.0.1/'],
  ['multicast', 'https://224.0.0.1/'],
  ['broadcast', 'https://255.255.255.255/'],
  ['compatible ::127.0.0.1', `https://[::127.0.0.1]:${port}/`],
  ['unique local', 'https://[fd12:3456::1]/'],
  ['link-local', 'https://[fe80::1]/'],
  ['translated 64:ff9b::/96', `https://[64:ff9b::127.0.0.1]:${port}/`],
  ['6to4', 'https://[2002:7f00:1::1]/'],
  ['Teredo', 'https://[2001:0:7f00:1::1]/'],
  ['localhost', `https://localhost:${port}/`],
  ['a name of a private address', 'https://intranet.example/'],
  ['a name of a public and a private address', `https://mixed.example:${port}/`],
  ['a name of a public and a unique local address', `https://mixed-v6.example:${port}/`],
  ['a name of a mapped address', `https://mapped.example:${port}/`],
  ['a name of nothing', 'https://nowhere.example/'],
  ['a port of another protocol', 'https://shop.example:22/'],
  ['too long once it is normalised', `https://shop.example/${'é'.repeat(900)}`],
];
