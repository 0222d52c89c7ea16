import { randomBytes } from 'node:crypto';
import net from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as rest } from 'node:timers/promises';
import { aKey, aRequest } from '../support/builders';

/** The API under attack, and the attacker's key. */
export interface Target {
  readonly api: string;
  readonly apiKey: string;
}

/** One try of an attack, which is repeated. */
export type Attack = (target: Target) => Promise<unknown>;

const post = ({ api, apiKey }: Target, path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${api}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
    body,
  }).then((response) => response.arrayBuffer());

/** Writes the text on a connection, waits, and closes it without having read anything. */
async function writeAndBreak({ api }: Target, text: string, restMs: number): Promise<void> {
  const { port, hostname } = new URL(api);
  const socket: Socket = net.connect(Number(port), hostname).on('error', () => undefined);
  socket.pause().write(text);
  await rest(restMs);
  socket.destroy();
}

const get = (path: string, apiKey = '') =>
  `GET ${path} HTTP/1.1\r\nhost: api\r\nauthorization: Bearer ${apiKey}\r\n\r\n`;

const anOrder = (target: Target) =>
  post(target, '/v1/checkouts', JSON.stringify(aRequest()), { 'idempotency-key': aKey() });

const inParallel = (times: number, work: () => Promise<unknown>) =>
  Promise.allSettled(Array.from({ length: times }, work));

const DIGITS = '4 '.repeat(30_000);
/** Written once, because writing sixty kilobytes costs the attacker more than they cost the service. */
const [DIGITS_ALONE, DIGITS_IN_ORDER] = [DIGITS, aRequest({ payment: { token: DIGITS } })].map((body) =>
  JSON.stringify(body),
) as [string, string];
const NO_CHECKOUT = `chk_${'0'.repeat(32)}`;

/** The attacks by name. `orders` is ordinary by itself: it feeds the attacker's webhook endpoints. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  orders: (target) => inParallel(4, () => anOrder(target)),
  'pipelined streams': (target) =>
    writeAndBreak(target, get(`/v1/checkouts/${NO_CHECKOUT}/events`, target.apiKey).repeat(1_000), 200),
  'streams that are given up at once': (target) =>
    inParallel(50, () => writeAndBreak(target, get(`/v1/checkouts/${NO_CHECKOUT}/events`, target.apiKey), 5)),
  'pipelined documents': (target) =>
    inParallel(5, () => writeAndBreak(target, get('/openapi.json').repeat(1_500), 200)),
  'groups of digits': (target) =>
    inParallel(20, async () => {
      await post(target, `/v1/checkouts/${NO_CHECKOUT}/cancel`, DIGITS_ALONE);
      await post(target, '/v1/checkouts', DIGITS_IN_ORDER, { 'idempotency-key': aKey() });
    }),
  'wrong API keys': (target) =>
    inParallel(20, () =>
      post({ ...target, apiKey: `sk_live_${randomBytes(32).toString('base64url')}` }, '/v1/checkouts', '{}'),
    ),
  'bodies that break off': (target) =>
    inParallel(50, () =>
      writeAndBreak(target, 'POST /v1/checkouts HTTP/1.1\r\nhost: api\r\ncontent-length: 400\r\n\r\n{', 5),
    ),
};
