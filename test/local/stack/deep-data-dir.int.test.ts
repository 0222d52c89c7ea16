import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { aDataDir, removeDataDir, startTestStack } from '../../support/test-stack';

/** The maximum length of a Unix socket's path, its final NUL included. */
const LONGEST_SOCKET_PATH = 108;

const top = aDataDir();
const dataDir = path.join(top, ...Array.from({ length: 8 }, (_, at) => `level ${at} of a deep directory`));
afterAll(() => {
  removeDataDir(dataDir);
  removeDataDir(top);
});

test('a data directory deeper than a socket path may be starts, and starts again', async () => {
  mkdirSync(dataDir, { recursive: true });
  // When we are root, Postgres runs as another user, who must be able to enter.
  for (let each = dataDir; each !== top; each = path.dirname(each)) chmodSync(each, 0o711);
  expect(dataDir.length).toBeGreaterThan(LONGEST_SOCKET_PATH);

  const first = await startTestStack(dataDir);
  expect((await fetch(`${first.stack.api}/readyz`)).status).toBe(200);
  expect(await first.interrupt()).toBe(0);

  const second = await startTestStack(dataDir);
  expect((await fetch(`${second.stack.api}/readyz`)).status).toBe(200);
  expect(await second.interrupt()).toBe(0);
});
