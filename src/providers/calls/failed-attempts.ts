import { partsOfKey } from '../../ports/provider-key';
import type { Database } from '../../postgres/database';
import type { Logger } from '../../runtime/logger';

/** While Postgres is slow or away, attempts fail by the thousand: their rows are worth less than the connections. */
const MOST_PENDING = 100;

export interface FailedAttempt {
  readonly key: string;
  readonly role: string;
  readonly adapter: string;
  readonly verb: string;
  /** Undefined in the relay, which counts otherwise. */
  readonly attempt: number | undefined;
  readonly outcome: string;
  /** Undefined if somebody else decides. */
  readonly nextMs: number | undefined;
  readonly mayHaveActed: boolean;
}

/** Writes a row for each failed attempt, beside the attempt: nobody waits for it, and if it fails, the attempt's own fault is what counts. */
export class FailedAttempts {
  readonly #pending = new Set<Promise<void>>();

  constructor(
    private readonly db: Database,
    private readonly logger: Logger,
  ) {}

  add(attempt: FailedAttempt): void {
    if (this.#pending.size >= MOST_PENDING) return;
    const writing = insert(this.db, attempt)
      .catch((err: unknown) => this.logger.warn({ err }, 'a failed attempt at a provider has no row'))
      .finally(() => this.#pending.delete(writing));
    this.#pending.add(writing);
  }

  async written(): Promise<void> {
    await Promise.all(this.#pending);
  }
}

/** The step that may have acted is noted with its order, where the next attempt reads it without asking once more. */
async function insert(db: Database, { key, mayHaveActed, nextMs, ...attempt }: FailedAttempt): Promise<void> {
  const { checkoutId, step } = partsOfKey(key);
  await db.query(
    `with noted as (
       update checkouts
          set uncertain_steps = uncertain_steps || $2::text
        where id = $1
          and $8::boolean
          and $2::text <> all (uncertain_steps)
     )
     insert into provider_attempts (checkout_id, step, role, adapter, verb, attempt, outcome, next_at)
     values ($1, $2, $3, $4, $5, $6, $7, now() + $9::float8 * interval '1 ms')`,
    [
      ...[checkoutId, step, attempt.role, attempt.adapter, attempt.verb, attempt.attempt ?? null, attempt.outcome],
      ...[mayHaveActed, nextMs ?? null],
    ],
  );
}
