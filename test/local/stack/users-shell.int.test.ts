import { afterAll, expect, test } from '@jest/globals';
import { aDataDir, removeDataDir, startTestStack } from '../../support/test-stack';

const dataDir = aDataDir();
afterAll(() => removeDataDir(dataDir));

test("the embedded Postgres ignores what the user's shell sets for another Postgres, and a locale that is not installed", async () => {
  const stack = await startTestStack(dataDir, {
    ...{
      PGSSLMODE: 'require',
      PGOPTIONS: '-c search_path=nowhere',
      PGAPPNAME: 'x',
      PGHOST: '192.0.2.1',
      PGUSER: 'nobody',
    },
    ...{ PGPASSWORD: 'wrong', PGDATABASE: 'other', PGCLIENTENCODING: 'LATIN1', PGTZ: 'Asia/Tokyo', PGDATA: '/nowhere' },
    ...{ LC_ALL: 'xx_XX.UTF-8', LANG: 'xx_XX' },
  });

  const response = await fetch(`${stack.stack.api}/v1/checkouts?limit=1`, {
    headers: { authorization: 'Bearer sk_sandbox_acme' },
  });

  expect(response.status).toBe(200);
  expect(await stack.interrupt()).toBe(0);
});
