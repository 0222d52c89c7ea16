import path from 'node:path';
import { expect, test } from '@jest/globals';
import { launchChild } from '../../../src/local/stack/child';
import { explainFailure } from '../../../src/local/stack/explain-failure';
import { until, waitUntilReady } from '../../../src/local/stack/wait-until-ready';
import { aDirectory } from './setup';

const A_MOMENT_MS = 500;

const aPostgres = (script: string) =>
  launchChild({
    name: 'postgres',
    command: process.execPath,
    args: ['-e', script],
    env: process.env,
    logFile: path.join(aDirectory(), 'postgres.log'),
    graceMs: 1_000,
  });

test('says why a part did not become ready, without advice to delete the data', async () => {
  const child = aPostgres('setInterval(() => undefined, 1_000)');
  const refused = until(() => Promise.reject(new Error('The server does not support SSL connections')));

  const explained = explainFailure(
    await waitUntilReady(child, refused, undefined, A_MOMENT_MS).catch((error: unknown) => error),
  );

  expect(explained).toContain('The server does not support SSL connections');
  expect(explained).toContain('DATABASE_URL');
  expect(explained).not.toContain('--fresh');
});

test('says that a part that exited may not have been able to use its data', async () => {
  const child = aPostgres('process.exit(3)');

  const explained = explainFailure(
    await waitUntilReady(
      child,
      until(async () => false),
    ).catch((error: unknown) => error),
  );

  expect(explained).toContain('exit code 3');
  expect(explained).toContain('--fresh');
});
