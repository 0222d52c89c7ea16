import type { Standings } from '../../webhooks/standings';
import { inParallel } from './in-parallel';
import type { Outcome, Parcel } from '../sink';
import type { WebhookAttempts } from './webhook-attempts';

/** For one endpoint in one lane. */
const ORDERS_AT_ONCE = 8;
/** Longer than an attempt takes: normally its end, not this limit, lets others try the endpoint again. */
const TRIED_WITHIN_MS = 15_000;

interface Share {
  readonly attempts: WebhookAttempts;
  readonly standings: Standings;
  readonly hurry: boolean;
  /** From `performance.now()`: no attempt begins after it. */
  readonly until: number;
}

type Deliver = (parcel: Parcel) => Promise<Outcome>;

/** Delivers what is for one endpoint: orders concurrently, the events of an order in sequence, and none after one that was not taken. */
export async function deliverShare(
  share: readonly Parcel[],
  outcomes: Map<Parcel, Outcome>,
  means: Share,
): Promise<void> {
  const deliver = deliverToOne(means);
  const inTurn = async (order: readonly Parcel[]) => {
    for (const parcel of order) {
      const outcome = await deliver(parcel);
      outcomes.set(parcel, outcome);
      if (outcome.status === 'failed' || outcome.status === 'later') return;
    }
  };
  const [first, ...others] = grouped(share, ({ event }) => event.checkoutId);
  if (!first) return;
  // If it was silent, only one attempt at first tests whether it answers again.
  if (means.standings.isSilent(targetOf(first))) {
    await inTurn(first);
    await inParallel(others, ORDERS_AT_ONCE, inTurn);
  } else await inParallel([first, ...others], ORDERS_AT_ONCE, inTurn);
}

/** After one attempt without an answer the rest counts as failed without being tried: a dead endpoint costs one attempt, whatever waits. */
function deliverToOne({ attempts, standings, hurry, until }: Share): Deliver {
  let silence: string | undefined;
  let tried = false;

  return async (parcel) => {
    const { target } = parcel;
    if (silence !== undefined) {
      return { status: 'failed', retry: true, reason: `Not tried, because the endpoint is not answering: ${silence}` };
    }
    if (hurry && standings.isSlow(target)) return { status: 'later', reason: 'Its endpoint is slow' };
    if (!tried && standings.isResting(target)) return { status: 'later', reason: 'Its endpoint is not answering' };
    const patienceMs = until - performance.now();
    if (patienceMs <= 0) return { status: 'later', reason: 'Its endpoint takes too long' };
    if (standings.isSilent(target)) standings.markTried(target, TRIED_WITHIN_MS);
    tried = true;

    const attempted = await attempts.attempt(parcel, { hurry, patienceMs });
    silence ??= attempted.silence;
    return attempted.outcome;
  };
}

const targetOf = ([first]: readonly Parcel[]): string => first?.target ?? '';

/** Groups in the order of their first items. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Iterable<readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? [];
    group.push(item);
    groups.set(keyOf(item), group);
  }
  return groups.values();
}
