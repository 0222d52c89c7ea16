import { execFile as execFileOf } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blocksIn } from '../tools/provider-kit/documented';
import { inboxWorld, SECRETS } from './inbox-world';
import type { InboxWorld } from './inbox-world';

const execFile = promisify(execFileOf);

let world: InboxWorld;
beforeAll(async () => {
  world = await inboxWorld();
});
afterAll(() => world.close());

test('the webhook that docs/providers.md shows in Python is taken, and a refusal becomes a case', async () => {
  const [, signatures = '', , webhook = ''] = blocksIn('python');
  const order = await world.acceptedByWarehouse();
  world.say(order, { outcome: 'refused', reason: 'out-of-stock' });
  const api = await world.app.listen({ host: '127.0.0.1', port: 0 });
  const program = `${signatures}\n${webhook}\ntell('evt_1', '${order.checkoutId}:fulfillment-triggered')`;

  // It ends with an error unless the answer is 200.
  await execFile('python3', ['-c', program.replace('https://checkout.example.com', api)], {
    env: { ...process.env, WAREHOUSE_SECRET: SECRETS.everybody },
  });
  await world.askWarehouses();

  expect(await world.openCases(order)).toEqual([
    { kind: 'fulfillment', why: expect.stringContaining('refused it: out-of-stock') },
  ]);
});
