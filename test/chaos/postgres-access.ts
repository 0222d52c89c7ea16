import { startPgbouncer } from '../support/pgbouncer';
import { FaultyRoad } from './faulty-road';
import type { PostgresPlace } from './postgres-place';

/** Connections of the pooler: fewer than its clients have, so that they share them. */
const POOLED = 8;

/** How to reach Postgres, whichever server it currently is. */
export interface PostgresAccess {
  /** For observers. No fault strikes this connection. */
  readonly forObservers: string;
  /** For the service, over faulty roads: the pooler, or the current server. */
  readonly forService: string;
  /** From now on, these roads lead to the current server. */
  follow(roads: readonly FaultyRoad[]): void;
  close(): Promise<void>;
}

export async function openAccess(
  { url, place }: { url: string; place: PostgresPlace },
  { pooler: isPooled = false }: { pooler?: boolean },
): Promise<PostgresAccess> {
  const { hostname, port } = new URL(url);
  const plain = await FaultyRoad.open('observers to postgres', { host: hostname, port: Number(port) });
  const over = new URL(url);
  over.port = String(plain.port);
  const pooler = isPooled ? await startPgbouncer(over.href, { connections: POOLED }) : undefined;
  place.onMove = (to) => plain.redirect(to);
  return {
    forObservers: over.href,
    forService: pooler?.url ?? url,
    follow: (roads) => {
      const moving = pooler ? [plain] : [plain, ...roads];
      place.onMove = (to) => moving.forEach((road) => road.redirect(to));
    },
    close: async () => {
      await pooler?.stop();
      await plain.close();
    },
  };
}
