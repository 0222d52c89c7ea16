import path from 'node:path';
import { rmSync } from 'node:fs';
import { shared } from './int-setup';
import { reportRetold, RETOLD_FILE } from './retold';

/** Throwing turns the run red. */
export default async function tearDown(): Promise<void> {
  await shared.testServers?.stop();
  const file = process.env[RETOLD_FILE];
  if (file === undefined) return;
  try {
    reportRetold(file);
  } finally {
    rmSync(path.dirname(file), { recursive: true, force: true });
  }
}
