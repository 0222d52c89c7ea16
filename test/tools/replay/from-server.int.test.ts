import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { CHECKOUT_WORKFLOW } from '../../../src/contract/checkout';
import { TENANT } from '../../../src/contract/search-attributes';
import { dataConverterOf } from '../../../src/payloads/data-converter';
import { anOrder } from '../../support/builders';
import { testEnvironment } from '../../support/environment';
import { eventually } from '../../support/eventually';
import { recordingActivities } from '../../support/recording-activities';
import { inRoot } from '../../house/markdown-tables';
import { quietRuntime } from '../../support/quiet-runtime';
import { replay, reportIn } from './replay';
import { swapLines, changedWorkflow } from './changed-workflow';

const address = testEnvironment('TEST_TEMPORAL_ADDRESS');
const PAYLOAD_KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
/** A tenant of our own, since other tests have workflows on the same server. */
const tenant = `replay-${randomUUID()}`;
const OURS = `Tenant = '${tenant}'`;
const ids = ['first', 'second', 'third'].map((key) => `checkout/${tenant}/${key}`);
const WAITING = `checkout/${tenant}/not-begun`;

let connection: NativeConnection;
beforeAll(async () => {
  quietRuntime();
  connection = await NativeConnection.connect({ address });
  const dataConverter = dataConverterOf(PAYLOAD_KEYS);
  const client = new Client({ connection, dataConverter });
  const taskQueue = randomUUID();
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: { codePath: inRoot('dist/workflow-bundle.js') },
    dataConverter,
    activities: recordingActivities().activities,
  });
  const start = (workflowId: string, queue: string) =>
    client.workflow.start(CHECKOUT_WORKFLOW, {
      workflowId,
      taskQueue: queue,
      args: [{ ...anOrder(), tenant }],
      typedSearchAttributes: new TypedSearchAttributes([{ key: TENANT, value: tenant }]),
    });
  await worker.runUntil(async () => {
    for (const id of ids) await (await start(id, taskQueue)).result();
  });
  await start(WAITING, randomUUID());
  await eventually(async () => ((await client.workflow.count(OURS)).count === ids.length + 1 ? true : undefined));
});
afterAll(() => connection.close());

const fromServer = (args: readonly string[], options = {}) =>
  replay(['--from-server', ...args, '--json'], { address, payloadKeys: PAYLOAD_KEYS, ...options });

test('replays what the filter lists, and skips a run that has done nothing yet', async () => {
  const outcome = await fromServer(['--query', OURS]);

  expect(reportIn(outcome)).toEqual({ ok: true, replayed: ids.length, failed: [] });
  expect(outcome.code).toBe(0);
});

test('names the workflow that diverged, and the event', async () => {
  const bundle = await changedWorkflow(
    'workflows/checkout.ts',
    swapLines("step('stock-reserved'", "step('fulfillment-triggered'"),
  );

  const outcome = await fromServer(['--query', `${OURS} OR ${OURS}`], { bundle });

  const { failed } = reportIn(outcome);
  expect(outcome.code).toBe(1);
  expect(failed.map(({ history }) => history).sort()).toEqual(ids);
  for (const { event } of failed) expect(event).toBe(17);
});

test('--limit replays only the newest', async () => {
  const outcome = await fromServer(['--query', `${OURS} AND ExecutionStatus = 'Completed'`, '--limit', '2']);

  expect(reportIn(outcome)).toEqual({ ok: true, replayed: 2, failed: [] });
});

test('fails if the filter matches nothing, since that proves nothing', async () => {
  const outcome = await fromServer(['--query', "Tenant = 'nobody'"]);

  expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('no history to replay') });
  expect(reportIn(outcome)).toEqual({ ok: false, replayed: 0, failed: [] });
});

test('rejects a filter that the server does not understand as wrong usage', async () => {
  const { code, stderr } = await fromServer(['--query', 'Colour = blue']);

  expect(code).toBe(2);
  expect(stderr).toMatch(/^The server does not understand the query: .*Colour/);
});

test('encrypted histories do not replay without the key', async () => {
  const { ok, failed } = reportIn(await fromServer(['--query', OURS], { payloadKeys: '' }));

  expect(ok).toBe(false);
  expect(failed).toHaveLength(ids.length);
});

test('prints one message if the server does not answer', async () => {
  const outcome = await replay(['--from-server', '--json'], { address: '127.0.0.1:1' });

  expect(outcome).toMatchObject({ code: 1, stderr: 'No Temporal server answers at 127.0.0.1:1.\n' });
  expect(reportIn(outcome)).toEqual({ ok: false, replayed: 0, failed: [] });
});
