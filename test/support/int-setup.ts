import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RETRIED_FILE } from './retried-tests';
import { startTestServers } from './test-servers';
import type { TestServers } from './test-servers';

/** Jest loads set-up and teardown separately; the global object is what they share. */
export const shared = globalThis as { testServers?: TestServers };

/** Starts the servers of the integration tests, once for all test files. */
export default async function setUp(): Promise<void> {
  const servers = await startTestServers();
  shared.testServers = servers;
  // The processes that run the test files inherit it.
  Object.assign(process.env, servers.environment);
  process.env[RETRIED_FILE] = path.join(mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-retried-')), 'tests');
}
