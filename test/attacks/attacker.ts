import { setTimeout as rest } from 'node:timers/promises';
import { hostileReceiver } from '../support/hostile-receiver';
import { ATTACKS } from './attack';

/** From the parent: attack this server. Without one: end the attacks. */
export interface Command {
  readonly attacked?: string;
  /** Average time between two tries of an attack, in milliseconds. */
  readonly everyMs?: number;
  /** All attacks begin each of their tries in the same moment. */
  readonly together?: boolean;
}

/** How often each attack was tried. */
export type Tries = Readonly<Record<string, number>>;

/**
 * The attacks have a process of their own, so that the attacker's work does not slow down the measurement, and the same one throughout: a
 * new one would compile its code in the first moments of each measurement. Arguments: the API's address, and a key.
 */
const [api = '', apiKey = ''] = process.argv.slice(2);
const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };

/**
 * Runs the attacks until the signal aborts. Whatever is attacked, the orders go to the API: they are ordinary ones, and what they cost is no
 * attack. A try that is refused or cut off counts too.
 */
async function attack({ attacked = api, everyMs = 0, together = false }: Command, over: AbortSignal): Promise<Tries> {
  const tries: Record<string, number> = {};
  const attacks = Object.entries(ATTACKS);
  const groups = together ? [attacks] : attacks.map((one) => [one]);
  await Promise.all(
    groups.map(async (group) => {
      await rest(everyMs * Math.random());
      while (!over.aborted) {
        const attempts = group.map(async ([name, attempt]) => {
          await attempt({ api: name === 'orders' ? api : attacked, apiKey }).catch(() => undefined);
          tries[name] = (tries[name] ?? 0) + 1;
        });
        await Promise.all([rest(2 * everyMs * Math.random()), ...attempts]);
      }
    }),
  );
  return tries;
}

async function addWebhook(url: string): Promise<string> {
  const response = await fetch(`${api}/v1/webhooks`, { method: 'POST', headers, body: JSON.stringify({ url }) });
  if (!response.ok) throw new Error(`The webhook was not created: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

const removeWebhook = (id: string) =>
  fetch(`${api}/v1/webhooks/${id}`, { method: 'DELETE', headers: { authorization: headers.authorization } });

/** One attack of all kinds, from the parent's command to the next. The parent hears when it begins, and the tries when it has ended. */
async function attackOnCommand(command: Command, over: AbortSignal): Promise<void> {
  const hostilities = command.attacked === api ? (['switching-protocols', 'dripping-body'] as const) : [];
  const receivers = await Promise.all(hostilities.map(hostileReceiver));
  const webhooks = [];
  for (const { url } of receivers) webhooks.push(await addWebhook(url));
  process.send?.({});
  const tries = await attack(command, over);
  const deliveries = receivers.map(({ requests }, at) => [`deliveries to ${hostilities[at]}`, requests()] as const);
  for (const id of webhooks) await removeWebhook(id);
  await Promise.all(receivers.map((receiver) => receiver.close()));
  process.send?.({ ...tries, ...Object.fromEntries(deliveries) });
}

let over = new AbortController();
process.on('message', (command: Command) => {
  over.abort();
  if (command.attacked === undefined) return;
  over = new AbortController();
  void attackOnCommand(command, over.signal);
});
process.on('disconnect', () => process.exit());
process.send?.({});
