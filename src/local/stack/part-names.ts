/** The parts of a stack, in the order in which they stop: a part stops before those it uses. */
export const PART_NAMES = ['api', 'worker', 'relay', 'codec', 'sandbox', 'redis', 'temporal', 'postgres'] as const;
export type PartName = (typeof PART_NAMES)[number];

/** The names of the parts for people. */
export const PART_TITLES: Readonly<Record<PartName, string>> = {
  api: 'API',
  worker: 'Worker',
  relay: 'Relay',
  codec: 'Codec server',
  sandbox: 'Sandbox providers',
  redis: 'Valkey',
  temporal: 'Temporal',
  postgres: 'Postgres',
};
