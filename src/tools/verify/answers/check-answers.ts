import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';
import { judgeClaim } from './judge-claim';
import type { ClaimedCheckout } from './judge-claim';
import { judgeReplay } from './judge-replay';
import type { Ask } from './judge-replay';

export interface AnswersEvidence {
  readonly claimed: Stream<ClaimedCheckout>;
  /** Some of them, which are asked for once more. */
  readonly sample: Stream<ClaimedCheckout>;
  /** Asks the API as the client did; undefined where it is of a tenant in whose name nobody can ask, or where there is no API. */
  readonly askAs: (tenant: string) => Ask | undefined;
}

/** P8: a key has one claim with the body's fingerprint, and whoever comes again gets the bytes that were stored. */
export async function checkAnswers({ claimed, sample, askAs }: AnswersEvidence): Promise<Verdict> {
  const tally = new Tally();
  const figures = { claims: 0, replayed: 0 };
  tally.details['answers'] = figures;
  for await (const checkout of claimed) {
    tally.checked += 1;
    figures.claims += 1;
    judgeClaim(checkout, tally);
  }
  let unasked = 0;
  for await (const { claim, ...checkout } of sample) {
    const ask = askAs(checkout.tenant);
    if (claim && ask) figures.replayed += await judgeReplay({ ...checkout, claim }, ask, tally);
    else unasked += 1;
  }
  if (unasked > 0) tally.notes.push(`${unasked} keys of the sample are of tenants in whose name nobody can ask again`);
  return tally;
}
