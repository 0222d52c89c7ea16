import { setTimeout as rest } from 'node:timers/promises';
import { hostileReceiver } from '../support/hostile-receiver';
import { ATTACKS } from './attack';

/** The parent says when to end. */
const over = new AbortController();
process.on('message', () => over.abort());
process.on('disconnect', () => process.exit());

/**
 * The attacks have their own process, so that the attacker's work does not slow down the measurement. Arguments: the API's address, a key,
 * the average milliseconds between two tries of an attack, and the server to attack. Whatever is attacked, its orders go to the API: they are
 * ordinary ones, and what they cost is no attack.
 */
async function main([api = '', apiKey = '', everyMs = '', attacked = '']: readonly string[]): Promise<void> {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const receivers = await Promise.all([hostileReceiver('switching-protocols'), hostileReceiver('dripping-body')]);
  const webhooks = [];
  for (const { url } of attacked === api ? receivers : []) {
    const response = await fetch(`${api}/v1/webhooks`, { method: 'POST', headers, body: JSON.stringify({ url }) });
    if (!response.ok) throw new Error(`The webhook was not created: ${response.status} ${await response.text()}`);
    webhooks.push(((await response.json()) as { id: string }).id);
  }
  process.send?.({});
  const tries: Record<string, number> = {};
  await Promise.all(
    Object.entries(ATTACKS).map(async ([name, attack]) => {
      const target = { api: name === 'orders' ? api : attacked, apiKey };
      tries[name] = 0;
      while (!over.signal.aborted) {
        // A try that is refused or cut off counts too.
        await Promise.all([rest(2 * Number(everyMs) * Math.random()), attack(target).catch(() => undefined)]);
        tries[name] = (tries[name] ?? 0) + 1;
      }
    }),
  );
  receivers.forEach(
    (receiver, at) => (tries[`deliveries to ${at === 0 ? '101' : 'a dripped body'}`] = receiver.requests()),
  );
  for (const id of webhooks) {
    await fetch(`${api}/v1/webhooks/${id}`, { method: 'DELETE', headers: { authorization: headers.authorization } });
  }
  await Promise.all(receivers.map((receiver) => receiver.close()));
  process.send?.(tries, () => process.exit());
}

void main(process.argv.slice(2));
