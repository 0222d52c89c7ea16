import path from 'node:path';
import { startKafka } from '../support/kafka-server';
import { startNats } from '../support/nats-server';
import type { OwnServer } from '../support/own-server';
import { RunningStack } from '../support/running-stack';
import { aDataDir, startTestStack } from '../support/test-stack';
import type { TestStack } from '../support/test-stack';
import { KeptRelay } from './kept-relay';
import type { Victim } from './victim';

export interface Stage {
  readonly stack: RunningStack;
  readonly relays: readonly Victim[];
  readonly sinks: readonly string[];
  /** For `durable-checkout verify`. */
  readonly verifyOptions: readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts a stack with all sinks and a second relay. If a part cannot start, the ones that did are stopped. */
export async function setStage({ kafka }: { kafka: boolean }, say: (sentence: string) => void): Promise<Stage> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each().catch((error: unknown) => say(String(error)));
  };
  const started = (server: OwnServer): OwnServer => {
    closers.push(() => server.stop());
    return server;
  };
  try {
    say(`Starting ${kafka ? 'Kafka and ' : ''}NATS`);
    const KAFKA_BROKERS = kafka ? started(await startKafka()).address : '';
    const NATS_URL = `nats://${started(await startNats()).address}`;
    const sinks = [...(kafka ? ['kafka'] : []), 'nats', 'redis', 'settlement', 'webhooks'];
    const env = { SINKS: sinks.join(), KAFKA_BROKERS, NATS_URL, WEBHOOK_PRIVATE_ADDRESSES: 'allow' };
    say('Starting the stack');
    const own: TestStack = await startTestStack(aDataDir(), env, [], true);
    closers.push(own.stop);
    const stack = new RunningStack(own.dataDir);
    closers.push(() => stack.db.close());
    for (const tenant of ['acme', 'globex']) await register(stack, tenant);

    const second = new KeptRelay(own.stack, { env, logFile: path.join(own.dataDir, 'second-relay.log') });
    closers.push(() => second.stop());
    const first: Victim = { name: "the stack's relay", pid: () => stack.file.pids.relay };
    const verifyOptions = ['--data-dir', own.dataDir, '--kafka', KAFKA_BROKERS, '--nats', NATS_URL];
    return { stack, relays: [first, second], sinks, verifyOptions, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Call it before the first order, so that no event is missed. The receiver gets the secret, and checks every signature. */
async function register({ file: { api, sandbox } }: RunningStack, tenant: string): Promise<void> {
  const url = `${sandbox}/webhooks/${tenant}`;
  const { secret } = await sent<{ secret: string }>('POST', `${api}/v1/webhooks`, { url }, `sk_sandbox_${tenant}`);
  await sent('PUT', url, { secret });
}

async function sent<Answer>(method: string, url: string, body: object, apiKey = ''): Promise<Answer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return JSON.parse(text || 'null') as Answer;
}
