import { isIP, isIPv6 } from 'node:net';

const NETWORK_GROUPS = 4;
const ALL_GROUPS = 8;

/** What counts as one address. For IPv6 it is the /64 network, because whoever has one address in it has all 2⁶⁴. */
export function addressOf(ip: string): string {
  // Some proxies add the port, which differs for each connection.
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '').replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1');
  if (isIP(plain) === 0) return 'no-address';
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.replace(/%.*/, '').split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const [before, after] = [groups(head), groups(tail)];
  const left = tail === undefined ? 0 : Math.max(0, ALL_GROUPS - before.length - after.length);
  const all = [...before, ...Array<string>(left).fill('0'), ...after];
  return `${all
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
