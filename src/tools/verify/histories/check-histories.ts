import type { Outcome } from '../../replay/outcome';
import type { Stream } from '../stream';
import type { Tally } from '../verdict';

/** P9 for one source: every history from there replays. The details count them. */
export async function checkHistories(place: string, outcomes: Stream<Outcome>, tally: Tally): Promise<void> {
  const figures = { histories: 0, replayed: 0, diverged: 0 };
  tally.details[place] = figures;
  for await (const { history, replayed, failure } of outcomes) {
    tally.checked += 1;
    figures.histories += 1;
    if (replayed) figures.replayed += 1;
    if (!failure) continue;
    figures.diverged += 1;
    const where = failure.event === null ? '' : ` at event ${failure.event}`;
    tally.violation('diverged', null, `${place}: ${history}${where}: ${failure.message}`);
  }
}
