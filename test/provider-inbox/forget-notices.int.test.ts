import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { startForgettingNotices } from '../../src/provider-inbox/notices';
import { eventually } from '../support/eventually';
import { inboxWorld } from './inbox-world';
import type { InboxWorld } from './inbox-world';

let world: InboxWorld;
beforeAll(async () => {
  world = await inboxWorld();
});
afterAll(() => world.close());

test('notices are forgotten after a month, unless nobody has acted on them', async () => {
  const { checkoutId } = await world.paying();
  await world.db.query(
    `insert into provider_notices (source, role, notice_id, checkout_id, received_at, asked_at)
     values ('-', 'payments', 'old', $1, now() - interval '31 days', now()),
            ('-', 'payments', 'old, and untold', $1, now() - interval '31 days', null),
            ('-', 'payments', 'young', $1, now() - interval '29 days', now())`,
    [checkoutId],
  );

  const forgetting = startForgettingNotices(world.db, pino({ level: 'silent' }));
  const left = await eventually(async () => {
    const { rows } = await world.db.query<{ id: string }>(`select notice_id as id from provider_notices order by id`);
    return rows.length < 3 ? rows.map(({ id }) => id) : undefined;
  });
  await forgetting.stop();

  expect(left).toEqual(['old, and untold', 'young']);
});
