import type { FastifyInstance } from 'fastify';
import { inMemoryServer } from './in-memory-server';
import { listen } from './listen';

/** DISEASE: the key alone is the name, so that one tenant gets what another was told. */
export const tenantlessServer = (): FastifyInstance => inMemoryServer({ nameOf: (_tenant, key) => key });

if (require.main === module) void listen(tenantlessServer());
