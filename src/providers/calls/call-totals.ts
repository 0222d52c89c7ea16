import type { Database } from '../../postgres/database';

interface Total {
  readonly role: string;
  /** Without an account. */
  readonly adapter: string;
  readonly outcome: string;
  calls: number;
  seconds: number;
}

/** How many calls there were and how long they took, added to Postgres now and then: the metrics of all processes come from there. */
export class CallTotals {
  #totals = new Map<string, Total>();

  add({ role, adapter, outcome, ms }: { role: string; adapter: string; outcome: string; ms: number }): void {
    const [name = adapter] = adapter.split(' ');
    const key = `${role} ${name} ${outcome}`;
    const total = this.#totals.get(key) ?? { role, adapter: name, outcome, calls: 0, seconds: 0 };
    total.calls += 1;
    total.seconds += ms / 1_000;
    this.#totals.set(key, total);
  }

  /** Throws if Postgres is away; the figures then wait for the next time. */
  async write(db: Database): Promise<void> {
    if (this.#totals.size === 0) return;
    // In order, so that two processes never wait for each other's rows.
    const totals = [...this.#totals.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
    this.#totals = new Map();
    try {
      await db.query(
        `insert into provider_calls (role, adapter, outcome, calls, seconds)
         select * from jsonb_to_recordset($1) as total (role text, adapter text, outcome text, calls bigint, seconds float8)
         on conflict (role, adapter, outcome) do update
            set calls = provider_calls.calls + excluded.calls, seconds = provider_calls.seconds + excluded.seconds`,
        [JSON.stringify(totals)],
      );
    } catch (error) {
      totals.forEach((total) => this.#putBack(total));
      throw error;
    }
  }

  #putBack(total: Total): void {
    const key = `${total.role} ${total.adapter} ${total.outcome}`;
    const since = this.#totals.get(key);
    this.#totals.set(key, {
      ...total,
      calls: total.calls + (since?.calls ?? 0),
      seconds: total.seconds + (since?.seconds ?? 0),
    });
  }
}
