import { afterAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { resourceIdOf } from '../../src/idempotency/key';
import { aKey } from '../support/builders';
import { eventually } from '../support/eventually';
import { executionOf } from '../support/run-history';
import { idIn, RunningStack } from '../support/running-stack';
import { aDataDir, removeDataDir, startTestStack } from '../support/test-stack';

const dataDir = aDataDir();
afterAll(() => removeDataDir(dataDir));

const PAYLOAD_KEYS = 'off';
/** The order's second step is being retried when everything stops. A restarted sandbox has no faults. */
const HELD = { provider: 'payments', operation: 'authorize', kind: 'fail-before' };

/** Everything from `npm start` to Ctrl-C. */
async function session<T>(
  env: NodeJS.ProcessEnv,
  work: (stack: RunningStack, client: Client) => Promise<T>,
): Promise<T> {
  const run = await startTestStack(dataDir, { ...env, PAYLOAD_KEYS });
  const stack = new RunningStack(dataDir);
  const connection = await Connection.connect({ address: run.stack.temporal });
  try {
    return await work(stack, new Client({ connection }));
  } finally {
    await connection.close();
    await stack.db.close();
    expect(await run.interrupt()).toBe(0);
  }
}

test('a new build finishes an order that was under way when the code changed', async () => {
  const key = aKey();
  const id = resourceIdOf('chk', 'acme', key);

  await session({ BUILD_ID: 'old' }, async (stack) => {
    await stack.faults([HELD]);
    await stack.place(undefined, { key });
    await eventually(async () => ((await stack.firedFaults()).every((fired) => fired > 0) ? true : undefined));
  });

  await session({ BUILD_ID: 'new' }, async (stack, client) => {
    expect((await stack.ended(id)).state).toBe('completed');
    expect((await executionOf(client, key)).builds).toEqual(['old', 'new']);
  });
});

test('new orders find their worker after going back to the old code, and without versions', async () => {
  for (const [env, build] of [
    [{ BUILD_ID: 'old' }, 'old'],
    [{ WORKER_VERSIONING: 'off' }, 'none'],
    [{ BUILD_ID: 'old' }, 'old'],
  ] as const) {
    await session(env, async (stack, client) => {
      const key = aKey();
      const { state } = await stack.ended(idIn(await stack.place(undefined, { key })));

      expect(state).toBe('completed');
      expect((await executionOf(client, key)).builds).toEqual([build]);
    });
  }
});
