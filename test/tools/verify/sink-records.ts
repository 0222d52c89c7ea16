import type { Delivery, SinkRecord } from '../../../src/tools/verify/events/delivery';
import { ALWAYS_WHOLE } from '../../../src/tools/verify/events/delivery';
import { checkDeliveries } from '../../../src/tools/verify/events/check-deliveries';
import { EventLog } from '../../../src/tools/verify/events/event-log';
import type { LoggedOrder } from '../../../src/tools/verify/events/event-log';
import type { Later } from '../../../src/tools/verify/events/later';
import { noFigures } from '../../../src/tools/verify/events/sink-figures';
import { Tally } from '../../../src/tools/verify/verdict';

export const NOTHING_LATER: Later = { events: new Map(), older: new Set() };

interface Logged {
  readonly type?: string;
  readonly occurredAt?: number;
  readonly passedBy?: readonly string[];
}

/** A log with these events: `chk_1/3` is the id of the third event of chk_1, and `=chk_1/3` its digest. */
export function aLog(names: readonly string[], more: (name: string) => Logged = () => ({})): EventLog {
  const log = new EventLog();
  for (const name of names) {
    const [checkoutId = '', number] = name.split('/');
    const common = { id: name, type: 'order.created', sequence: Number(number), digest: `=${name}` };
    log.add(
      { checkoutId, tenant: 'acme' },
      { ...common, occurredAt: 0, passedBy: ['redis', 'settlement'], ...more(name) },
    );
  }
  return log;
}

/** A delivery of the event with this name, with changes. */
export function delivered(name: string, more: Partial<NonNullable<Delivery['event']>> = {}): Delivery {
  const [checkoutId = '', number] = name.split('/');
  return { place: name, event: { id: name, checkoutId, sequence: Number(number), digest: `=${name}`, ...more } };
}

interface RecordCase {
  readonly log: EventLog;
  readonly deliveries: readonly Delivery[];
  readonly wholeSince?: number;
  readonly later?: Later;
  readonly wants?: (order: LoggedOrder) => boolean;
}

/** Checks these deliveries as the record of the sink `redis`. */
export async function checkRecord({
  log,
  deliveries,
  wholeSince = ALWAYS_WHOLE,
  later = NOTHING_LATER,
  wants,
}: RecordCase) {
  const tally = new Tally();
  const figures = noFigures();
  const record: SinkRecord = { wholeSince, deliveries };
  const under = { name: 'redis', sink: 'redis', target: '', wants: wants ?? (() => true), record };
  await checkDeliveries(under, { log, tally, figures, askLater: async () => later });
  return { ...figures, found: tally.examples.map(({ kind, checkoutId }) => `${kind} ${checkoutId ?? '*'}`) };
}
