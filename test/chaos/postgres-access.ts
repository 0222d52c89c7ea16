import { startPgbouncer } from '../support/pgbouncer';
import { FaultyRoad } from './faulty-road';
import type { PostgresPlace } from './postgres-place';

/** Connections of a pooler: fewer than its clients have, so that they take turns. */
const POOLED = 8;

/** How Postgres is reached, whichever server it is. */
export interface PostgresAccess {
  /** For whoever looks on. Nothing happens on this way. */
  readonly forObservers: string;
  /** For the service, which has faulty roads to it: a pooler, or the server that is Postgres now. */
  readonly forService: string;
  /** Has these roads lead to the server that is Postgres, from now on. */
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
