import fastify from 'fastify';
import { Redis } from 'ioredis';
import { peer } from './peers';

interface Answer {
  readonly body?: unknown;
}

interface Asked {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly method: string;
  readonly body: unknown;
}

/** The part of it that is used. */
interface NodeIdempotency {
  readonly Idempotency: new (storage: unknown) => {
    onRequest(request: Asked): Promise<Answer | undefined>;
    onResponse(request: Asked, answer: Answer): Promise<void>;
  };
}

interface RedisStorage {
  readonly RedisStorageAdapter: new (options: { url: string }) => { connect(): Promise<void> };
}

/** The npm package `@node-idempotency/core` in a bare route, set up as in its README. Arguments: Redis URL, and the Redis key of the answer. */
async function main(): Promise<void> {
  const [, , url, key] = process.argv;
  if (url === undefined || key === undefined) throw new Error('usage: node-idempotency-server <redis url> <redis key>');
  const answer = JSON.parse((await new Redis(url).get(key)) ?? 'null') as unknown;
  const { Idempotency } = peer<NodeIdempotency>('@node-idempotency/core');
  const { RedisStorageAdapter } = peer<RedisStorage>('@node-idempotency/storage-adapter-redis');
  const storage = new RedisStorageAdapter({ url });
  await storage.connect();
  const idempotency = new Idempotency(storage);

  const app = fastify();
  app.post('/', async ({ headers, method, body }) => {
    const asked = { headers, method, body, path: '/' };
    const kept = await idempotency.onRequest(asked);
    if (kept) return kept.body;
    await idempotency.onResponse(asked, { body: answer });
    return answer;
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  process.send?.({ address });
}

void main();
