import fastify from 'fastify';
import { Redis } from 'ioredis';

/** The yardstick of the replay benchmark: a bare route that does one Redis GET. Arguments: Redis URL, Redis key. */
async function main(): Promise<void> {
  const [, , url, key] = process.argv;
  if (url === undefined || key === undefined) throw new Error('usage: redis-get-server <redis url> <redis key>');
  const redis = new Redis(url);
  const app = fastify();
  app.get('/', async (_request, reply) => reply.type('application/json').send(await redis.getBuffer(key)));
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  process.send?.({ address });
}

void main();
