import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLogger } from '../../src/runtime/logger';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

const EMAIL = 'canary@example.com';

let world: OutboxWorld;
beforeAll(async () => void (world = await outboxWorld()));
afterAll(() => world.close());

test('does not log a row that Postgres refused, but does log what went wrong', async () => {
  const lines: string[] = [];
  const log = createLogger(
    'test',
    { LOG_LEVEL: 'info' },
    new Writable({
      write: (line: Buffer, _encoding, done) => {
        lines.push(line.toString());
        done();
      },
    }),
  );
  const id = await world.newCheckout();
  const error: unknown = await world.db
    .query(`update checkouts set request = $2, tenant = null where id = $1`, [id, JSON.stringify({ email: EMAIL })])
    .catch((refusal: unknown) => refusal);

  log.error({ err: error }, 'It did not work');

  expect(JSON.stringify(error)).toContain(EMAIL);
  expect(lines.join('')).not.toContain(EMAIL);
  expect(lines.join('')).toContain('violates not-null constraint');
});
