import { checkoutIdOf } from '../money/journal-line';
import type { JournalLine } from '../money/journal-line';
import type { Stream } from '../stream';
import type { CheckContext } from './check-context';

const SINK = 'settlement';
/** The event it acts on. */
const TRIGGER = 'label.generated';

/** P7 for the settlement consumer, whose record is what it did: one capture for each announced label, and no other. */
export async function checkSettlement(
  payments: Stream<JournalLine>,
  { log, askLater, tally, figures }: CheckContext,
): Promise<void> {
  const captured = new Set<string>();
  for await (const line of payments) {
    if (line.operation !== 'capture' || !['captured', 'replayed'].includes(line.outcome)) continue;
    figures.deliveries += 1;
    // The processor repeated an earlier answer: the same event was delivered again.
    if (line.outcome === 'replayed') figures.duplicates += 1;
    else captured.add(checkoutIdOf(line));
  }

  for (const { checkoutId, events } of log.orders()) {
    const trigger = events.find(({ type }) => type === TRIGGER);
    if (!trigger) continue;
    tally.checked += 1;
    figures.events += 1;
    if (captured.delete(checkoutId)) continue;
    if (log.isHandedOn(SINK, '', checkoutId, trigger)) {
      figures.missing += 1;
      tally.violation('missing', checkoutId, 'Its label was announced, but settlement captured nothing');
    } else {
      figures.pending += 1;
      tally.pending += 1;
    }
  }
  await judgeStrangers();

  async function judgeStrangers(): Promise<void> {
    if (captured.size === 0) return;
    const later = await askLater([...captured]);
    const announced = [...later.events].filter(([, { type }]) => type === TRIGGER);
    const labelled = new Set(announced.map(([place]) => place.slice(0, place.lastIndexOf('/'))));
    for (const checkoutId of captured) {
      if (labelled.has(checkoutId) || later.older.has(checkoutId)) continue;
      figures.uncommitted += 1;
      tally.violation('uncommitted', checkoutId, 'Settlement captured, but no label was announced');
    }
  }
}
