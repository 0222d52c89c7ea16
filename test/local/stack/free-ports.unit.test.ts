import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { FreePorts } from '../../../src/local/stack/free-ports';

test('moves from a taken port to a free one, and back when it is free again', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;

  const instead = await new FreePorts().pick(port);
  taken.close();
  await once(taken, 'close');
  const later = await new FreePorts().pick(port);

  expect(instead).not.toBe(port);
  expect(later).toBe(port);
});

test('gives out no port twice, not even one that is requested twice', async () => {
  const ports = new FreePorts();
  const free = await new FreePorts().pick(0);

  const given = await Promise.all([ports.pick(free), ...Array.from({ length: 20 }, () => ports.pick(0))]);
  const again = await ports.pick(free);

  expect(new Set([...given, again]).size).toBe(22);
});

test('throws if the host is not an address of this machine', async () => {
  await expect(new FreePorts().pick(3000, '192.0.2.1')).rejects.toThrow('No free port on 192.0.2.1');
});
