import { randomUUID } from 'node:crypto';
import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';
import { Breaker } from './breaker';
import type { BreakerState } from './breaker';
import { SEEN_WITHIN } from './provider-figures';

export interface BreakerOf {
  readonly tenant: string;
  readonly role: string;
  readonly adapter: string;
}

interface Kept extends BreakerOf {
  readonly breaker: Breaker;
  /** Undefined for one that has never opened, which needs no row. */
  changedAt: number | undefined;
}

interface BreakersParts {
  readonly logger: Logger;
  readonly now: () => number;
  /** A state has changed. */
  readonly onChange: () => void;
}

/** The breakers of this process, one for each tenant, role and adapter. */
export class Breakers {
  readonly #kept = new Map<string, Kept>();
  readonly #process = randomUUID();

  constructor(private readonly parts: BreakersParts) {}

  of({ tenant, role, adapter }: BreakerOf): Breaker {
    const name = [tenant, role, adapter].join('\n');
    const kept = this.#kept.get(name) ?? this.#make({ tenant, role, adapter });
    this.#kept.set(name, kept);
    return kept.breaker;
  }

  #make(of: BreakerOf): Kept {
    const { logger, now, onChange } = this.parts;
    const changed = (breaker: BreakerState) => {
      kept.changedAt = now();
      if (breaker === 'open') logger.warn({ ...of, breaker }, 'a provider is away: calls to it wait');
      else logger.info({ ...of, breaker }, breaker === 'closed' ? 'a provider is back' : 'trying a provider again');
      onChange();
    };
    const kept: Kept = { ...of, breaker: new Breaker({ role: of.role, onChange: changed, now }), changedAt: undefined };
    return kept;
  }

  /** Whether a row must be kept alive. */
  get isAnyOpen(): boolean {
    return [...this.#kept.values()].some(({ breaker }) => breaker.state !== 'closed');
  }

  /** For tools: what this process knows. Also deletes what processes knew that have gone. */
  async write(db: Database): Promise<void> {
    const rows = [...this.#kept.values()]
      .filter(({ changedAt }) => changedAt !== undefined)
      .map(({ tenant, role, adapter, breaker: { state }, changedAt = 0 }) => {
        return { tenant, role, adapter, state, seconds: (this.parts.now() - changedAt) / 1_000 };
      });
    if (rows.length === 0) return;
    await db.query(
      `insert into provider_breakers (process, tenant, role, adapter, state, since)
       select $1, tenant, role, adapter, state, now() - seconds * interval '1 s'
         from jsonb_to_recordset($2) as kept (tenant text, role text, adapter text, state text, seconds float8)
       on conflict (process, tenant, role, adapter) do update
          set state = excluded.state, seen_at = now(),
              since = case when provider_breakers.state = excluded.state then provider_breakers.since else excluded.since end`,
      [this.#process, JSON.stringify(rows)],
    );
    await db.query(`delete from provider_breakers where seen_at < now() - interval '${SEEN_WITHIN}'`);
  }

  /** A process that stops calls nobody. */
  async forget(db: Database): Promise<void> {
    await db.query(`delete from provider_breakers where process = $1`, [this.#process]);
  }
}
