import type { Clock } from '../terminal/clock';
import { Problem } from '../terminal/problem';

/** A restart of the whole stack takes well under a minute. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 500;

export interface Patience {
  readonly clock: Clock;
  /** Called once for each time the API is lost. */
  readonly onLost: (sentence: string) => void;
}

/** Survives a restart of the API: the work goes on without it, so there is something to come back to. */
export async function retryWhileAway<T>(look: () => Promise<T>, { clock, onLost }: Patience): Promise<T> {
  let lostAt: number | undefined;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof Problem && error.mayPass)) throw error;
      if (lostAt === undefined) {
        lostAt = clock.now();
        onLost(`${error.sentence}; retrying for up to ${PATIENCE_MS / 1_000} s`);
      }
      if (clock.now() - lostAt >= PATIENCE_MS) throw error;
      await clock.rest(RETRY_MS);
    }
  }
}
