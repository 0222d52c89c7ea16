import { pino } from 'pino';
import { Relay } from '../../src/outbox/relay/relay';
import type { Sink } from '../../src/outbox/sink';
import { openDatabase } from '../../src/postgres/database';
import type { Database } from '../../src/postgres/database';
import { eventually } from './eventually';
import { outboxWorld } from './outbox-world';
import { TcpProxy } from './tcp-proxy';
import type { TestDatabase } from './template-database';

/** An outbox world with relays, which are stopped at the end. */
export async function relayWorld(given?: TestDatabase) {
  const world = await outboxWorld(given);
  const { proxy, url } = await TcpProxy.inFrontOf(world.databaseUrl);
  const farAway = openDatabase(url, { connections: 10, onIdleError: () => undefined });
  const running = new Set<Relay>();

  async function start(sinks: readonly Sink[], db: Database = world.db): Promise<Relay> {
    const relay = new Relay({ db, sinks, logger: pino({ level: 'silent' }) });
    running.add(relay);
    await relay.start();
    return relay;
  }
  /** How many lanes of a sink each relay has, in descending order. */
  async function shares(sink: string): Promise<number[]> {
    const { rows } = await world.db.query<{ lanes: bigint }>(
      `select count(*) as lanes from outbox_cursors where sink = $1 and owner is not null group by owner order by 1 desc`,
      [sink],
    );
    return rows.map(({ lanes }) => Number(lanes));
  }
  const stopAll = async () => {
    proxy.accept();
    await Promise.all([...running].map((relay) => relay.stop()));
    running.clear();
  };
  return {
    ...world,
    /** The database through `proxy`, which can cut relays off from Postgres. */
    farAway,
    proxy,
    start,
    stop: async (relay: Relay) => {
      running.delete(relay);
      await relay.stop();
    },
    ordersOfAllShards: () => Promise.all(Array.from({ length: 8 }, (_, shard) => world.newCheckout(shard))),
    shared: (sink: string, expected: readonly number[]) =>
      eventually(async () => ((await shares(sink)).join() === expected.join() ? true : undefined)),
    stopAll,
    close: async () => {
      await stopAll();
      await farAway.close();
      await proxy.close();
      await world.close();
    },
  };
}

export type RelayWorld = Awaited<ReturnType<typeof relayWorld>>;
