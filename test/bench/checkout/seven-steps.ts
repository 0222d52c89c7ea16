import { Pool } from 'pg';
import { STEPS } from '../../../src/domain/steps';
import type { Step } from '../../../src/domain/steps';

/** As many as help on two cores; the same for every system. */
const CONNECTIONS = 40;

/** A ledger row and an outbox row: the minimum for an idempotent step with an event. */
const TABLES = `
create table if not exists steps (order_id text, step text, at timestamptz not null default now(), primary key (order_id, step));
create table if not exists outbox (
  id bigint primary key generated always as identity,
  aggregate_id text not null,
  type text not null,
  payload jsonb not null,
  at timestamptz not null default now()
);`;

export { STEPS };

export async function makeTables(url: string): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 1 });
  await pool.query(TABLES);
  await pool.end();
}

/** One of the seven steps as all systems but ours run it: one transaction of one statement. */
export function sevenSteps(url: string): (order: string, step: Step) => Promise<string> {
  const pool = new Pool({ connectionString: url, max: CONNECTIONS });
  return async (order, step) => {
    await pool.query({
      name: 'step',
      text: `with taken as (
               insert into steps (order_id, step) values ($1, $2) on conflict do nothing returning 1)
             insert into outbox (aggregate_id, type, payload) select $1, $2, $3 from taken`,
      values: [order, step, { order, step }],
    });
    return step;
  };
}
