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

test('a part that does not become ready tells what was in the way last, and nobody is told to delete the data', async () => {
  const child = aPostgres('setInterval(() => undefined, 1_000)');
  const refused = until(() => Promise.reject(new Error('The server does not support SSL connections')));

  const told = explainFailure(
    await waitUntilReady(child, refused, undefined, A_MOMENT_MS).catch((error: unknown) => error),
  );

  expect(told).toContain('The server does not support SSL connections');
  expect(told).toContain('DATABASE_URL');
  expect(told).not.toContain('--fresh');
});

test('a part that ends may have been unable to use its data', async () => {
  const child = aPostgres('process.exit(3)');

  const told = explainFailure(
    await waitUntilReady(
      child,
      until(async () => false),
    ).catch((error: unknown) => error),
  );

  expect(told).toContain('exit code 3');
  expect(told).toContain('--fresh');
});
