import http from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as rest } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aKey, aRequest } from '../support/builders';
import { eventually } from '../support/eventually';
import { OwnStack } from '../support/own-stack';
import { signalTree } from '../support/signal-tree';

const CONNECTIONS = 100;
const AGAIN_AFTER_MS = 100;

let stack: OwnStack;
beforeAll(async () => (stack = await OwnStack.start()));
afterAll(() => stack.stop());

const body = JSON.stringify(aRequest());
/** How many connections were made. */
let connections = 0;

/** Sends the request on a connection of its own. */
async function send(key: string): Promise<{ status: number; body: string }> {
  const request = http.request(`${stack.file.api}/v1/checkouts`, {
    method: 'POST',
    agent: new http.Agent(),
    headers: {
      authorization: 'Bearer sk_sandbox_acme',
      'content-type': 'application/json',
      'idempotency-key': key,
    },
  });
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('socket', (socket) => socket.once('connect', () => (connections += 1)));
    request.on('response', (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
    });
    request.end(body);
  });
}

/** Like a patient client: repeats the request until it is accepted. */
async function retryUntilAccepted(key: string, refused: Set<number>): Promise<string> {
  for (;;) {
    const answer = await send(key).catch(() => undefined);
    if (answer?.status === 202) return answer.body;
    if (answer) refused.add(answer.status);
    await rest(AGAIN_AFTER_MS);
  }
}

test('one key from a hundred connections, over a stopped API and a restarted Postgres: one order, and the same answer for all', async () => {
  const { api, postgres } = stack.file.pids;
  if (api === undefined || postgres === undefined) throw new Error('The stack lacks a part');
  const key = aKey();
  const refused = new Set<number>();

  // All of them call an API that does not answer, and when it does, Postgres is gone.
  process.kill(api, 'SIGSTOP');
  const answers = Array.from({ length: CONNECTIONS }, () => retryUntilAccepted(key, refused));
  await eventually(() => (connections >= CONNECTIONS ? true : undefined));
  signalTree(postgres, 'SIGKILL');
  process.kill(api, 'SIGCONT');
  await eventually(() => (stack.file.pids.postgres === postgres ? undefined : true));
  const bodies = new Set(await Promise.all(answers));

  expect(bodies.size).toBe(1);
  const { id } = JSON.parse([...bodies][0] ?? '') as { id: string };
  expect((await stack.ended(id)).state).toBe('completed');
  expect([...refused].filter((status) => status !== 503 && status !== 409)).toEqual([]);
  const claims = await stack.db.query(`select from idempotency_claims where key = $1`, [key]);
  expect(claims.rowCount).toBe(1);
  expect((await stack.db.query(`select from checkouts`)).rowCount).toBe(1);
  expect((await stack.db.query(`select from orders`)).rowCount).toBe(1);
  expect((await stack.authorizations(id)).filter((outcome) => outcome === 'authorized')).toHaveLength(1);
});
