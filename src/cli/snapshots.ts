import { hasEnded } from '../domain/checkout-states';
import type { CheckoutSnapshot } from './checkout-snapshot';
import type { Clock } from './clock';
import { News } from './news';
import type { OpenStream } from './news';
import { Problem } from './problem';

/** Without a stream. Steps of a healthy order take tens of milliseconds: fast enough to see them, slow enough to be no load. */
const SHORTEST_REST_MS = 300;
const LONGEST_REST_MS = 2_000;
const GROWTH = 1.5;
/** A restart of the whole stack takes well under a minute. */
const PATIENCE_MS = 60_000;
const RETRY_MS = 500;

export interface Watching {
  readonly look: () => Promise<CheckoutSnapshot>;
  /** Says when to look again, if the snapshot has a link to such a stream. */
  readonly stream: OpenStream;
  readonly clock: Clock;
  /** Called once for each time the API is lost. */
  readonly onLost: (sentence: string) => void;
  /** True when the API has answered before: a first refusal may then be a restart and no wrong address. */
  readonly known: boolean;
}

const isFinal = ({ state }: CheckoutSnapshot) => hasEnded(state) || state === 'needs-attention';

/**
 * A checkout as it changes: every snapshot differs from the one before, and the last is final or waits for an operator. It is looked at
 * again when its event stream says so; without a stream, and while one is broken, every now and then.
 */
export async function* snapshots({ stream, ...watching }: Watching): AsyncGenerator<CheckoutSnapshot> {
  const news = new News(stream);
  try {
    yield* watched(watching, news);
  } finally {
    await news.close();
  }
}

async function* watched({ look, clock, onLost, known }: Omit<Watching, 'stream'>, news: News) {
  let reached = known;
  let seen = '';
  let restMs = SHORTEST_REST_MS;
  for (;;) {
    const snapshot = await (reached ? lookPatiently({ look, clock, onLost }) : look());
    reached = true;
    const text = JSON.stringify(snapshot);
    if (text === seen) {
      restMs = Math.min(restMs * GROWTH, LONGEST_REST_MS);
    } else {
      seen = text;
      restMs = SHORTEST_REST_MS;
      yield snapshot;
    }
    if (isFinal(snapshot)) return;
    const told = snapshot.links?.events !== undefined && (await news.wait());
    if (!told) await clock.rest(restMs);
  }
}

/** Outlives a restart of the API: the order goes on without it, so there is something to come back to. */
async function lookPatiently({
  look,
  clock,
  onLost,
}: Pick<Watching, 'look' | 'clock' | 'onLost'>): Promise<CheckoutSnapshot> {
  let lostAt: number | undefined;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof Problem && error.mayPass)) throw error;
      if (lostAt === undefined) {
        lostAt = clock.now();
        onLost(`${error.sentence}; trying again for up to ${PATIENCE_MS / 1_000} s`);
      }
      if (clock.now() - lostAt >= PATIENCE_MS) throw error;
      await clock.rest(RETRY_MS);
    }
  }
}
