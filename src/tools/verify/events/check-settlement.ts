import type { Choices } from '../../../ports/providers';
import { Elsewhere } from '../elsewhere';
import type { AtSandbox } from '../elsewhere';
import { checkoutIdOf } from '../money/journal-line';
import type { JournalLine } from '../money/journal-line';
import type { Stream } from '../stream';
import type { CheckContext } from './check-context';

const SINK = 'settlement';
/** The event it acts on. */
const TRIGGER = 'label.generated';

export interface SettlementEvidence {
  /** The processor's journal. */
  readonly payments: Stream<JournalLine>;
  readonly atSandbox: AtSandbox;
  /** Of each of these orders. Null for older ones. */
  readonly providersOf: (checkoutIds: readonly string[]) => Promise<readonly OrderProviders[]>;
}

export interface OrderProviders {
  readonly checkoutId: string;
  readonly providers: Choices | null;
}

/** P7 for the settlement consumer, whose record is what it did: one capture for each announced label, and no other. */
export async function checkSettlement(
  { payments, atSandbox, providersOf }: SettlementEvidence,
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

  const uncaptured: string[] = [];
  for (const { checkoutId, events } of log.orders()) {
    const trigger = events.find(({ type }) => type === TRIGGER);
    if (!trigger) continue;
    figures.events += 1;
    const isCaptured = captured.delete(checkoutId);
    if (!isCaptured && log.isHandedOn(SINK, '', checkoutId, trigger)) {
      uncaptured.push(checkoutId);
      continue;
    }
    tally.checked += 1;
    if (isCaptured) continue;
    figures.pending += 1;
    tally.pending += 1;
  }
  if (uncaptured.length > 0) await judgeUncaptured();
  await judgeStrangers();

  async function judgeUncaptured(): Promise<void> {
    const elsewhere = new Elsewhere(atSandbox);
    for (const { checkoutId, providers } of await providersOf(uncaptured)) {
      if (elsewhere.leaveOut(['payments'], providers).length > 0) continue;
      tally.checked += 1;
      figures.missing += 1;
      tally.violation('missing', checkoutId, 'Its label was announced, but settlement captured nothing');
    }
    elsewhere.report(tally);
  }

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
