import { choicesAtSandbox } from '../at-sandbox';
import type { JournalLine } from '../money/journal-line';
import { NO_JOURNALS, sandboxJournal } from '../sandbox-journal';
import type { Scene } from '../scene';
import { Tally, withUnseen } from '../verdict';
import type { Verdict } from '../verdict';
import { checkDeliveries } from './check-deliveries';
import { checkSettlement } from './check-settlement';
import type { SinkRecord } from './delivery';
import type { LoggedOrder } from './event-log';
import type { CheckContext } from './check-context';
import { askLater, readLog } from './read-log';
import { providersIn } from './read-providers';
import { readRedis } from './redis-record';
import { noFigures } from './sink-figures';
import { readEndpoints, webhookRecord } from './webhook-records';

/**
 * P7, on a live system. Reads the log and every sink's cursor first, then each sink's own record: what a cursor had passed
 * must be in a record that is read later.
 */
export async function events(scene: Scene): Promise<Verdict> {
  const tally = new Tally();
  const { log, sinks } = await readLog(scene.db, tally);
  const context = (name: string): CheckContext => {
    const figures = noFigures();
    tally.details[name] = figures;
    return { log, tally, figures, askLater: askLater(scene.db) };
  };
  const checks = checksOf(scene, tally, context);
  const unseen: string[] = [];
  for (const sink of sinks) {
    const check = checks[sink];
    if (check) await check();
    else if (sink === 'settlement') unseen.push(`settlement: ${NO_JOURNALS}`);
    else unseen.push(`${sink}: it has run, but was not named: give --${sink}`);
  }
  return withUnseen(tally, scene.connections, unseen);
}

/** The check of each sink; undefined if the sink was not named. A broker's client is loaded only if its broker is used. */
function checksOf({ db, connections }: Scene, tally: Tally, context: (name: string) => CheckContext) {
  const { redis, kafka, nats, sandbox } = connections;
  const check = (sink: string) => (record: SinkRecord) => {
    if (record.note !== undefined) tally.notes.push(record.note);
    return checkDeliveries({ name: sink, sink, target: '', wants: () => true, record }, context(sink));
  };
  const checks: Readonly<Record<string, (() => Promise<void>) | undefined>> = {
    redis: redis && (() => readRedis(redis, check('redis'))),
    kafka: kafka && (async () => (await import('./kafka-record.js')).readKafka(kafka, check('kafka'))),
    nats: nats && (async () => (await import('./nats-record.js')).readNats(nats, check('nats'))),
    settlement:
      sandbox === undefined
        ? undefined
        : async () => {
            const atSandbox = await choicesAtSandbox(db, sandbox);
            const payments = sandboxJournal<JournalLine>(sandbox, 'payments');
            await checkSettlement({ payments, atSandbox, providersOf: providersIn(db) }, context('settlement'));
          },
    webhooks: async () => {
      const { endpoints, elsewhere } = await readEndpoints(db, sandbox);
      if (elsewhere > 0)
        tally.notes.push(`webhooks: ${elsewhere} of the endpoints are outside the sandbox and cannot be checked`);
      for (const endpoint of endpoints) {
        const { id: target, tenant, name } = endpoint;
        const wants = (order: LoggedOrder) => order.tenant === tenant;
        const under = { name: `webhooks/${name}`, sink: 'webhooks', target, wants };
        await checkDeliveries({ ...under, record: webhookRecord(endpoint) }, context(under.name));
      }
    },
  };
  return checks;
}
