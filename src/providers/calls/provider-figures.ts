import type { Role } from '../../ports/providers';
import { providerUses } from '../uses';
import type { UsedBy } from '../uses';
import type { Queryable } from '../../postgres/database';
import type { BreakerState } from './breaker';

/** A process that has not been seen for longer has ended, or cannot reach Postgres. */
export const SEEN_WITHIN = '2 minutes';

/** The worst that the processes of the last two minutes know of a provider. One without a row is closed. */
export interface WorstBreaker {
  readonly tenant: string;
  readonly role: Role;
  readonly adapter: string;
  readonly state: BreakerState;
  readonly since: Date;
}

export async function worstBreakers(db: Queryable): Promise<WorstBreaker[]> {
  const { rows } = await db.query<WorstBreaker>(
    `select distinct on (tenant, role, adapter) tenant, role, adapter, state, since
       from provider_breakers
      where seen_at > now() - interval '${SEEN_WITHIN}'
      order by tenant, role, adapter, array_position(array['open', 'half-open', 'closed'], state), since`,
  );
  return rows;
}

/** For the metrics: no tenants and no accounts. */
export interface ProviderFigures {
  /** Since the installation began. */
  readonly calls: readonly {
    readonly role: Role;
    readonly adapter: string;
    readonly outcome: string;
    readonly calls: number;
    readonly seconds: number;
  }[];
  readonly breakers: readonly WorstBreaker[];
  readonly uses: readonly UsedBy[];
}

export async function providerFigures(db: Queryable): Promise<ProviderFigures> {
  const { rows: calls } = await db.query<ProviderFigures['calls'][number]>(
    `select role, adapter, outcome, calls::float8 as calls, seconds from provider_calls`,
  );
  return { calls, breakers: await worstBreakers(db), uses: await providerUses(db) };
}
