/** What an answer should be: its status and code, and whether it is a replay. */
export interface Expected {
  readonly status: number;
  readonly replayed: boolean;
  readonly code?: string;
}

interface Known {
  readonly body: number;
  readonly acceptedAt: number;
  fate: 'unstarted' | 'started' | 'completed' | 'expired';
  endedAt?: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The contract of the idempotency table (docs/http.md) in memory: no Postgres, no Redis, no Temporal. */
export class ReferenceModel {
  readonly known = new Map<string, Known>();
  now = 0;
  temporalUp = true;

  place(name: string, body: number): Expected {
    const known = this.known.get(name);
    if (!known) {
      this.known.set(name, { body, acceptedAt: this.now, fate: this.temporalUp ? 'started' : 'unstarted' });
      return { status: 202, replayed: false };
    }
    if (known.body !== body) return { status: 422, replayed: false, code: 'idempotency-key-reused' };
    const forgotten = known.endedAt !== undefined && this.now - known.endedAt > 30 * DAY;
    return forgotten
      ? { status: 409, replayed: false, code: 'idempotency-key-expired' }
      : { status: 202, replayed: true };
  }

  sweep(): void {
    for (const known of this.known.values()) {
      const age = this.now - known.acceptedAt;
      if (!this.temporalUp || known.fate !== 'unstarted' || age <= 3_000) continue;
      known.fate = age > 15 * MINUTE ? 'expired' : 'started';
      if (known.fate === 'expired') known.endedAt = this.now;
    }
  }

  complete(name: string): boolean {
    const known = this.known.get(name);
    if (known?.fate !== 'started') return false;
    known.fate = 'completed';
    known.endedAt = this.now;
    return true;
  }
}
