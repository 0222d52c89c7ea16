import type { FastifyInstance } from 'fastify';
import { inMemoryServer } from './in-memory-server';
import { listen } from './listen';

/** Defect: the key alone is the name, so one tenant gets another's answer. */
export const tenantlessServer = (): FastifyInstance => inMemoryServer({ nameOf: (_tenant, key) => key });

if (require.main === module) void listen(tenantlessServer());
