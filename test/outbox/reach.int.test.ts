import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { DELIVERED } from '../../src/outbox/sink';
import { eventually } from '../support/eventually';
import { RecordingSink } from '../support/outbox-world';
import { relayWorld } from '../support/relays';
import type { RelayWorld } from '../support/relays';

let world: RelayWorld;
beforeAll(async () => (world = await relayWorld()));
afterEach(() => world.stopAll());
afterAll(() => world.close());

test('a relay that cannot reach its sink gives its lanes to one that can, and gets them back when that one is gone', async () => {
  const [cut, well] = [new RecordingSink('reach'), new RecordingSink('reach')];
  cut.script = () => {
    throw new Error('no route to host');
  };
  await world.start([cut]);
  const other = await world.start([well]);
  await world.shared('reach', [4, 4]);
  const orders = await world.ordersOfAllShards();
  const has = (sink: RecordingSink, sequence: number) =>
    eventually(() => (orders.every((id) => sink.firsts.includes(`${id}/${sequence}`)) ? true : undefined));

  await Promise.all(orders.map((id) => world.emit(id)));
  await has(well, 1);
  await world.shared('reach', [8]);

  cut.script = () => DELIVERED;
  await world.stop(other);
  await Promise.all(orders.map((id) => world.emit(id)));
  await has(cut, 2);
  await world.shared('reach', [8]);

  for (const id of orders) expect(cut.firsts.filter((name) => name.startsWith(id))).toEqual([`${id}/2`]);
});
