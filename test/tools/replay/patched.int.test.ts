import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import { historiesIn } from '../../../src/tools/replay/released-shape';
import { registerSearchAttributes } from '../../../src/runtime/search-attributes';
import { testEnvironment } from '../../support/environment';
import { changedWorkflow } from './changed-workflow';
import { CURRENT_SHAPE, folderOf } from './corpus';
import { quietRuntime } from '../../support/quiet-runtime';
import { recordScenario } from './record-scenario';
import { eventsOf, recordedAt } from './recorded';
import { replay, reportIn } from './replay';
import type { Scenario } from './scenario';

/*
 * The worked example of a change while orders are under way: from tomorrow, points are awarded before the customer is notified. Orders under
 * way were notified first, as their histories say; `patched()` lets them go on as they began, while new orders take the new order of steps.
 */
const NOTIFY = "    await step('notification-sent', () => act.sendNotification(order), undo.sendCancellation);\n";
const AWARD = "    await step('loyalty-awarded', () => act.awardLoyalty(order), undo.revokeLoyalty);\n";
const PATCHED = `    if (patched('award-before-notification')) {\n  ${AWARD}  ${NOTIFY}    } else {\n  ${NOTIFY}  ${AWARD}    }\n`;

const withPatch = (source: string): string =>
  source
    .replace(NOTIFY + AWARD, PATCHED)
    .replace(
      "from '@temporalio/workflow';",
      "from '@temporalio/workflow';\nimport { patched } from '@temporalio/workflow';",
    );

let env: TestWorkflowEnvironment;
let bundle: WorkflowBundle;
const directory = mkdtempSync(path.join(os.tmpdir(), 'patched-'));
beforeAll(async () => {
  quietRuntime();
  const executable = { type: 'existing-path', path: testEnvironment('TEST_TIME_SKIPPING_SERVER') } as const;
  [env, bundle] = await Promise.all([
    TestWorkflowEnvironment.createTimeSkipping({ server: { executable } }),
    changedWorkflow('workflows/checkout.ts', withPatch),
  ]);
  await registerSearchAttributes(env.connection, 'default');
});
afterAll(async () => {
  await env.teardown();
  rmSync(directory, { recursive: true, force: true });
});

test('orders from before a patched change go on as they began: their histories replay', async () => {
  const { ok, replayed } = reportIn(await replay([folderOf(CURRENT_SHAPE), '--json'], { bundle }));

  expect({ ok, replayed }).toEqual({ ok: true, replayed: historiesIn(folderOf(CURRENT_SHAPE)).length });
});

test('new orders take the new way, with a marker in the history, and need the patched code from then on', async () => {
  const scenario: Scenario = { name: 'patched', ends: 'completed', play: () => ({ activities: {} }) };

  const history = await recordScenario(scenario, env, 'patched', bundle);
  writeFileSync(path.join(directory, 'patched.json'), history);
  const patchedCode = reportIn(await replay([directory, '--json'], { bundle }));
  const oldCode = reportIn(await replay([directory, '--json']));

  const events = eventsOf(history);
  expect(events.map(({ eventType }) => eventType)).toContain('EVENT_TYPE_MARKER_RECORDED');
  expect(recordedAt(events, 'awardLoyalty')).toBeLessThan(recordedAt(events, 'sendNotification') ?? 0);
  expect(patchedCode.ok).toBe(true);
  expect(oldCode.ok).toBe(false);
});
