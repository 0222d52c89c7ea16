import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';
import { judgeClaim } from './judge-claim';
import type { ClaimedCheckout } from './judge-claim';
import { judgeReplay } from './judge-replay';
import type { Ask } from './judge-replay';

export interface AnswersEvidence {
  readonly claimed: Stream<ClaimedCheckout>;
  /** Some of them, which are sent to the API again. */
  readonly sample: Stream<ClaimedCheckout>;
  /** Asks the API as the client did; undefined if there is no API key for the tenant, or no API. */
  readonly askAs: (tenant: string) => Ask | undefined;
}

/** P8: a key has one claim with the body's fingerprint, and a repeated request gets the stored bytes. */
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
  if (unasked > 0)
    tally.notes.push(`${unasked} keys of the sample were not sent again: they belong to tenants outside the sandbox`);
  return tally;
}
