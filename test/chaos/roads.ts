import { FaultyRoad } from './faulty-road';
import type { Stores } from './stores';

export type ServiceName = 'api' | 'worker' | 'relay';
/** If API and worker are one process, it has the API's name. */
const servicesOf = (oneProcess: boolean): readonly ServiceName[] =>
  oneProcess ? ['api', 'relay'] : ['api', 'worker', 'relay'];

/** The addresses that a process of the service calls, as its environment variables. */
export type Calls = Readonly<Record<'DATABASE_URL' | 'TEMPORAL_ADDRESS' | 'REDIS_URL' | 'SANDBOX_URL', string>>;

export interface Roads {
  readonly all: readonly FaultyRoad[];
  /** The addresses for each process of the service: each leads over a road that no other process uses. */
  readonly of: ReadonlyMap<ServiceName, Calls>;
  readonly toApi: string;
  /** Those of all roads that lead to Postgres. */
  readonly toPostgres: readonly FaultyRoad[];
}

/** Builds a faulty road from each process to each one that it calls, and from clients to the API. */
export async function buildRoads(
  stores: Stores,
  { record, apiPort, oneProcess }: { record: string; apiPort: number; oneProcess: boolean },
): Promise<Roads> {
  const all: FaultyRoad[] = [];
  const road = async (name: string, url: string): Promise<string> => {
    const { hostname, port } = new URL(url);
    const built = await FaultyRoad.open(name, { host: hostname, port: Number(port) });
    all.push(built);
    const over = new URL(url);
    over.port = String(built.port);
    return over.href;
  };
  const from = async (name: ServiceName): Promise<Calls> => ({
    DATABASE_URL: await road(`${name} to postgres`, stores.postgres),
    TEMPORAL_ADDRESS: new URL(await road(`${name} to temporal`, `grpc://${stores.temporal}`)).host,
    REDIS_URL: await road(`${name} to redis`, name === 'relay' ? record : stores.redis),
    SANDBOX_URL: await road(`${name} to sandbox`, stores.sandbox),
  });
  const of = new Map<ServiceName, Calls>();
  for (const name of servicesOf(oneProcess)) of.set(name, await from(name));
  const toApi = new URL(await road('clients to api', `http://127.0.0.1:${apiPort}`)).origin;
  return { all, of, toApi, toPostgres: all.filter(({ name }) => name.endsWith('to postgres')) };
}
