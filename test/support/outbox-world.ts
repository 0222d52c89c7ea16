import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { append } from '../../src/outbox/append';
import type { OutboxEvent } from '../../src/outbox/outbox-event';
import { DELIVERED } from '../../src/outbox/sink';
import type { Outcome, Parcel, Sink } from '../../src/outbox/sink';
import { openDatabase } from '../../src/postgres/database';
import { lockOrder } from '../../src/postgres/lock-order';
import type { Queryable, Transaction } from '../../src/postgres/database';
import { createTestDatabase } from './template-database';
import type { TestDatabase } from './template-database';

/** A database for one test file, with checkouts that have no steps and append any event that a test wants. */
export async function outboxWorld(given?: TestDatabase) {
  const database = given ?? (await createTestDatabase());
  const db = openDatabase(database.url, { connections: 20, onIdleError: () => undefined });
  const newCheckout = async (shard = 0, tenant = 'acme'): Promise<string> => {
    // The first byte determines the shard.
    const id = `chk_${shard.toString(16).padStart(2, '0')}${randomBytes(15).toString('hex')}`;
    await db.query(
      `insert into checkouts (id, tenant, idempotency_key, request, accepted_at) values ($1, $2, $1, '{}', now())`,
      [id, tenant],
    );
    return id;
  };
  const emit = (checkoutId: string, times = 1): Promise<void> =>
    db.transaction(async (tx) => {
      await lockOrder(tx, checkoutId);
      for (let time = 0; time < times; time += 1) await append(tx, checkoutId, [{ type: 'order.cancelled', data: {} }]);
    });
  const close = async () => {
    await db.close();
    await database.drop();
  };
  return {
    db,
    databaseUrl: database.url,
    newCheckout,
    emit,
    openTransaction: () => openTransaction(database.url),
    close,
  };
}

export type OutboxWorld = Awaited<ReturnType<typeof outboxWorld>>;

/** A transaction that the test controls step by step. */
async function openTransaction(url: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  const begun: Queryable = { query: (text, values) => client.query(text, values as unknown[]) };
  const tx: Transaction = { ...begun, inTransaction: true, first: begun };
  return {
    tx,
    lock: (checkoutId: string) => lockOrder(tx, checkoutId),
    append: (checkoutId: string) => append(tx, checkoutId, [{ type: 'order.cancelled', data: {} }]),
    end: async (how: 'commit' | 'rollback') => {
      await client.query(how);
      await client.end();
    },
  };
}

export type Script = (parcel: Parcel) => Outcome | Promise<Outcome>;

/** A sink that records what it receives. A script decides about each parcel; what the script throws, the sink throws. */
export class RecordingSink implements Sink {
  readonly taken: Parcel[] = [];
  script: Script = () => DELIVERED;
  retryAfterMs?(attempts: number): number | undefined;

  constructor(
    readonly name = 'recording',
    readonly types?: readonly string[],
  ) {}

  async deliver(parcels: readonly Parcel[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    const stuck = new Set<string>();
    for (const parcel of parcels) {
      const order = `${parcel.target}/${parcel.event.checkoutId}`;
      const outcome: Outcome = stuck.has(order) ? { status: 'behind' } : await this.script(parcel);
      if (outcome.status === 'failed' || outcome.status === 'later') stuck.add(order);
      if (outcome.status === 'delivered') this.taken.push(parcel);
      outcomes.push(outcome);
    }
    return outcomes;
  }

  async close(): Promise<void> {}

  /** `<checkout>/<sequence>` in order of first delivery. */
  get firsts(): string[] {
    return [...new Set(this.taken.map(({ event }) => nameOf(event)))];
  }
}

export const nameOf = ({ checkoutId, sequence }: OutboxEvent): string => `${checkoutId}/${sequence}`;
