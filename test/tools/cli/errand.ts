import type { OnInterrupt } from '../../../src/tools/terminal/interrupts';
import { aClock, anApi, shell } from './setup';
import type { Captured, Reply } from './setup';

interface Call {
  readonly at: string;
  readonly key: unknown;
  readonly body: unknown;
}

export interface Surroundings {
  readonly args?: readonly string[];
  readonly stdout?: Captured;
  readonly onInterrupt?: OnInterrupt;
}

/** What an API answers about a redrive or replay of nine events that is under way. */
export const progressOf =
  (nothingYet: (done: number) => object) =>
  (done: number, more: object = {}): Reply => ({
    status: 200,
    body: { id: 'key-0001', state: 'running', total: 9, done, ...nothingYet(done), ...more },
  });

/** Runs a command that starts something and follows it. The API gives one reply after the other, and repeats the last. */
export async function followed(
  command: readonly string[],
  replies: readonly Reply[],
  { args = [], ...surroundings }: Surroundings = {},
) {
  const calls: Call[] = [];
  const api = await anApi(({ method, url, headers }, body) => {
    calls.push({ at: `${method} ${url}`, key: headers['idempotency-key'], body: body && JSON.parse(body) });
    const reply = replies[Math.min(calls.length, replies.length) - 1];
    if (!reply) throw new Error('The API of this test has nothing to say');
    return reply;
  });
  const result = await shell([...command, '--key', 'key-0001', '--url', api.url, ...args], {
    clock: aClock(),
    ...surroundings,
  });
  await api.stop();
  return { ...result, calls, url: api.url };
}

/** Sends Ctrl-C as soon as somebody listens; `wasReleased` says whether the listener was removed. */
export function interruptAtOnce() {
  let released = false;
  const onInterrupt: OnInterrupt = (act) => {
    act();
    return () => (released = true);
  };
  return { onInterrupt, wasReleased: () => released };
}
