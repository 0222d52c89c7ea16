import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';
import { startRelayProcess } from '../support/relay-process';

const OUTSIDE = mkdtempSync(path.join(os.tmpdir(), 'providers-'));
const FOLDER = path.join(OUTSIDE, 'config');
let world: OutboxWorld;
beforeAll(async () => {
  world = await outboxWorld();
  mkdirSync(FOLDER);
  writeFileSync(
    path.join(FOLDER, 'own.mjs'),
    `export const create = async ({ apiKey, account, region }) => {
       if (apiKey !== 'from the environment') throw new Error('a key is missing');
       console.log(JSON.stringify({ created: { account, region } }));
       const done = async () => ({ outcome: 'captured', reference: '1' });
       return { authorize: done, void: done, capture: done, refund: done };
     };`,
  );
  writeFileSync(path.join(FOLDER, 'half.mjs'), `export const create = () => ({ authorize() {}, void() {} });`);
  writeFileSync(path.join(FOLDER, 'nothing.mjs'), `export default {};`);
  writeFileSync(path.join(OUTSIDE, 'outside.mjs'), `console.log('outside ran'); export const create = () => ({});`);
  symlinkSync(path.join(OUTSIDE, 'outside.mjs'), path.join(FOLDER, 'link.mjs'));
});
afterAll(async () => {
  await world.close();
  rmSync(OUTSIDE, { recursive: true });
});

function relayWith(entry: object) {
  const file = path.join(FOLDER, 'providers.json');
  writeFileSync(file, JSON.stringify({ default: { payments: entry } }));
  const env = { PROVIDERS_FILE: file, SANDBOX_URL: '', REDIS_URL: 'off', OWN_KEY: 'from the environment' };
  return startRelayProcess({ DATABASE_URL: world.databaseUrl, ...env });
}

test("a relay captures with a team's own module, which gets its settings and its secrets", async () => {
  const apiKey = { env: 'OWN_KEY' };
  const relay = await relayWith({ adapter: 'module:./own.mjs', account: 'eu', region: 'north', apiKey });

  expect(await relay.stop()).toBe(0);
  expect(relay.output()).toContain('{"created":{"account":"eu","region":"north"}}');
  expect(relay.output()).toContain('{"payments":["module:./own.mjs"]');
});

test.each([
  ['above the folder', 'module:../outside.mjs', '../outside.mjs is outside of the folder of PROVIDERS_FILE'],
  ['an absolute path', `module:${path.join(OUTSIDE, 'outside.mjs')}`, 'is outside of the folder of PROVIDERS_FILE'],
  ['a link that leads out', 'module:./link.mjs', './link.mjs is outside of the folder of PROVIDERS_FILE'],
  ['a module of Node', 'module:node:fs', 'there is no node:fs in the folder of PROVIDERS_FILE'],
  ['an address', 'module:https://example.com/a.mjs', 'in the folder of PROVIDERS_FILE'],
  ['half a port', 'module:./half.mjs', 'the port that ./half.mjs creates lacks capture, refund'],
  ['no create', 'module:./nothing.mjs', './nothing.mjs exports no function named create'],
])('a relay refuses %s, with a sentence, and runs none of it', async (_what, adapter, sentence) => {
  const refused = String(await relayWith({ adapter }).catch((error: unknown) => error));

  expect(refused).toMatch(/PROVIDERS_FILE .* cannot be used:\\n {2}default\.payments: /);
  expect(refused).toContain(sentence);
  expect(refused).not.toContain('outside ran');
});
