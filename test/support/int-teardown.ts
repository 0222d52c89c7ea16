import path from 'node:path';
import { rmSync } from 'node:fs';
import { shared } from './int-setup';
import { reportRetries, RETRIED_FILE } from './retried-tests';

/** If it throws, the run fails. */
export default async function tearDown(): Promise<void> {
  await shared.testServers?.stop();
  const file = process.env[RETRIED_FILE];
  if (file === undefined) return;
  try {
    reportRetries(file);
  } finally {
    rmSync(path.dirname(file), { recursive: true, force: true });
  }
}
