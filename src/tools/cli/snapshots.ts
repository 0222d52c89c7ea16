import { hasEnded } from '../../domain/checkout-states';
import type { CheckoutSnapshot } from './checkout-snapshot';
import { ChangeNotifier } from './change-notifier';
import type { OpenStream } from './change-notifier';
import { retryWhileAway } from './retry-while-away';
import type { Patience } from './retry-while-away';

/** Polling without a stream. Steps of a healthy order take tens of milliseconds: often enough to see them, rare enough to be no load. */
const SHORTEST_REST_MS = 300;
const LONGEST_REST_MS = 2_000;
const GROWTH = 1.5;

export interface Watching extends Patience {
  readonly look: () => Promise<CheckoutSnapshot>;
  /** Says when to look again, if the snapshot has a link to such a stream. */
  readonly stream: OpenStream;
  /** True if the API has answered before: a first failure may then be a restart rather than a wrong address. */
  readonly known: boolean;
}

const isFinal = ({ state }: CheckoutSnapshot) => hasEnded(state) || state === 'needs-attention';

/**
 * A checkout as it changes: every snapshot differs from the one before, and the last is final or waits for an operator. It is fetched
 * again when its event stream says so, and at intervals while there is no stream.
 */
export async function* snapshots({ stream, ...watching }: Watching): AsyncGenerator<CheckoutSnapshot> {
  const notifier = new ChangeNotifier(stream);
  try {
    yield* watched(watching, notifier);
  } finally {
    await notifier.close();
  }
}

async function* watched({ look, clock, onLost, known }: Omit<Watching, 'stream'>, notifier: ChangeNotifier) {
  let reached = known;
  let seen = '';
  let restMs = SHORTEST_REST_MS;
  for (;;) {
    const snapshot = await (reached ? retryWhileAway(look, { clock, onLost }) : look());
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
    const notified = snapshot.links?.events !== undefined && (await notifier.wait());
    if (!notified) await clock.rest(restMs);
  }
}
