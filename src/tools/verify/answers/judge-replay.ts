import type { StoredAnswer } from '../../../idempotency/stored-answer';
import type { Tally } from '../verdict';
import type { Claim, ClaimedCheckout } from './judge-claim';

export interface Asked {
  readonly key: string;
  readonly body: object;
  /** True to ask for the outcome, which is stored already. */
  readonly wait: boolean;
}

export interface Answered {
  readonly status: number;
  readonly body: Buffer;
  readonly replayed: boolean;
}

export type Ask = (asked: Asked) => Promise<Answered>;

/** These answers say nothing about the key. */
const isNoAnswer = ({ status }: Answered): boolean =>
  status === 401 || status === 403 || status === 429 || status >= 500;

/** Sends the same request again, then one with another body; returns how many answers were the stored ones. */
export async function judgeReplay(
  { checkoutId, key, request, claim }: Omit<ClaimedCheckout, 'claim'> & { readonly claim: Claim },
  ask: Ask,
  tally: Tally,
): Promise<number> {
  const stored = [claim.acceptance, claim.outcome];
  let replayed = 0;
  for (const [at, expected] of stored.entries()) {
    if (!expected) continue;
    const answer = await ask({ key, body: request, wait: at > 0 });
    if (isNoAnswer(answer)) return noAnswer(answer);
    if (isSame(answer, expected)) replayed += 1;
    else
      tally.violation(
        'other-answer',
        checkoutId,
        `Its stored answer is ${expected.status}, but it got ${said(answer)}`,
      );
  }
  const other = await ask({ key, body: { ...request, expectedTotal: OTHER_TOTAL }, wait: false });
  if (isNoAnswer(other)) return noAnswer(other);
  if (other.status !== 422)
    tally.violation('reused-key', checkoutId, `Another body under its key gets ${other.status}`);
  return replayed;

  function noAnswer({ status }: Answered): number {
    tally.unchecked.push(`the answers for ${checkoutId}: the API answered ${status}`);
    return replayed;
  }
}

/** No client sends this. */
const OTHER_TOTAL = Number.MAX_SAFE_INTEGER;

const isSame = (answer: Answered, { status, body }: StoredAnswer): boolean =>
  answer.replayed && answer.status === status && answer.body.equals(body);

const said = ({ status, replayed }: Answered): string =>
  `${status}${replayed ? ' with other bytes' : ', not as a replay'}`;
