import type { Socket } from 'node:net';
import { buildApp } from '../../api/app';
import type { AppOptions } from '../../api/app';
import { EventFeed } from '../../src/checkouts/event-feed';
import type { Queryable } from '../../src/postgres/database';
import type { ApiWorld } from './api-world';

/** Another listening API, with an event feed that reads through `db` and counts its queries. */
export async function listeningApi(
  world: ApiWorld,
  { db = world.db, ...overrides }: Partial<AppOptions> & { db?: Queryable } = {},
) {
  const looks = { made: 0, atOnce: 0, mostAtOnce: 0, failed: 0 };
  const counting: Queryable = {
    async query(text, values) {
      looks.made += 1;
      looks.atOnce += 1;
      looks.mostAtOnce = Math.max(looks.mostAtOnce, looks.atOnce);
      return db.query<never>(text, values).finally(() => (looks.atOnce -= 1));
    },
  };
  const feed = new EventFeed(counting, () => (looks.failed += 1));
  const app = await buildApp({ ...world.options, events: feed, ...overrides });
  app.addHook('preClose', async () => feed.stop());
  const sockets: Socket[] = [];
  app.server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('close', () => sockets.splice(sockets.indexOf(socket), 1));
  });
  const api = await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, api, looks, sockets };
}
