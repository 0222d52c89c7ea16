import path from 'node:path';
import { expect, test } from '@jest/globals';
import { launchChild } from '../../../src/local/stack/child';
import { explainFailure } from '../../../src/local/stack/explain-failure';
import type { PartName } from '../../../src/local/stack/part-names';
import { until, waitUntilReady } from '../../../src/local/stack/wait-until-ready';
import { aDirectory } from './setup';

const A_MOMENT_MS = 500;

const aPart = (name: PartName, script: string) =>
  launchChild({
    name,
    command: process.execPath,
    args: ['-e', script],
    env: process.env,
    logFile: path.join(aDirectory(), `${name}.log`),
    graceMs: 1_000,
  });
const aPostgres = (script: string) => aPart('postgres', script);

const NEVER = until(async () => false);

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

  const explained = explainFailure(await waitUntilReady(child, NEVER).catch((error: unknown) => error));

  expect(explained).toContain('exit code 3');
  expect(explained).toContain('--fresh');
});

test('prints what a program of ours said before it gave up, as a person reads it, and no advice of its own', async () => {
  const sentence = 'PROVIDERS_FILE lacks what "unfinished" orders need:\n  put it back';
  const child = aPart(
    'worker',
    `console.log('{"level":30,"msg":"starting"}'); console.log(${JSON.stringify(JSON.stringify({ level: 60, msg: sentence }))}); process.exitCode = 1`,
  );

  const explained = explainFailure(await waitUntilReady(child, NEVER).catch((error: unknown) => error));

  expect(explained).toContain(`Worker did not start. ${sentence}\n`);
  expect(explained).not.toContain('--fresh');
});

test('shows the end of the log of a program that a bug has stopped', async () => {
  const bug = JSON.stringify({ level: 60, err: { message: 'a row is missing' }, msg: 'stopping because of a bug' });
  const child = aPart('worker', `console.log(${JSON.stringify(bug)}); process.exitCode = 1`);

  const explained = explainFailure(await waitUntilReady(child, NEVER).catch((error: unknown) => error));

  expect(explained).toContain('a row is missing');
});
