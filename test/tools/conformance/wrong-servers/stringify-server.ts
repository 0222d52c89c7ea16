import type { FastifyInstance } from 'fastify';
import { inMemoryServer } from './in-memory-server';
import { listen } from './listen';

/** Defect: `JSON.stringify` keeps the order of members, so the same body from another client library is "another body". */
export const stringifyServer = (): FastifyInstance => inMemoryServer({ fingerprint: JSON.stringify });

if (require.main === module) void listen(stringifyServer());
