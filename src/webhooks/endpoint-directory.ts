import type { Queryable } from '../postgres/database';
import { ENDPOINT_COLUMNS } from './endpoints';
import type { Endpoint } from './endpoints';

/** How long a deleted endpoint may still get events, and a new one may miss them. A busy tenant costs one query in this time. */
const REMEMBERED_MS = 5_000;
/** Tenants, including those without an endpoint. */
const MOST_REMEMBERED = 10_000;

interface Remembered {
  readonly endpoints: Promise<readonly Endpoint[]>;
  readonly until: number;
}

/** The enabled endpoints of each tenant, for delivering. */
export class EndpointDirectory {
  readonly #remembered = new Map<string, Remembered>();

  constructor(
    private readonly db: Queryable,
    private readonly now: () => number,
  ) {}

  /** At most five seconds old. */
  async enabledOf(tenant: string): Promise<readonly Endpoint[]> {
    const held = this.#remembered.get(tenant);
    if (held && held.until > this.now()) return held.endpoints;
    const endpoints = this.#read(tenant);
    if (this.#remembered.size >= MOST_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(tenant, { endpoints, until: this.now() + REMEMBERED_MS });
    // A failure is not remembered: the next call queries again.
    endpoints.catch(() => this.#remembered.delete(tenant));
    return endpoints;
  }

  /** Nothing is sent to it any more until its tenant creates it again. */
  async disable(tenant: string, id: string, why: string): Promise<void> {
    await this.db.query(
      `update webhook_endpoints
          set disabled_at = now(), disabled_why = $3
        where tenant = $1
          and id = $2
          and disabled_at is null`,
      [tenant, id, why],
    );
    this.#remembered.delete(tenant);
  }

  async #read(tenant: string): Promise<Endpoint[]> {
    const { rows } = await this.db.query<Endpoint>(
      `select ${ENDPOINT_COLUMNS}
         from webhook_endpoints
        where tenant = $1
          and disabled_at is null
        order by id`,
      [tenant],
    );
    return rows;
  }
}
