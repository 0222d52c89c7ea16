import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { REPAIR } from '../../../src/contract/repair';
import type { Repair, RepairAction } from '../../../src/contract/repair';
import { registerSearchAttributes } from '../../../src/runtime/search-attributes';
import { needsAttention } from './attention-scenarios';
import { changedWorkflow } from './changed-workflow';
import { meeting } from './meeting';
import { quietRuntime } from '../../support/quiet-runtime';
import { testEnvironment } from '../../support/environment';
import { recordScenario } from './record-scenario';
import { replay, reportIn } from './replay';
import { fail } from './scenario';
import type { Scenario } from './scenario';

/* Earlier builds let two operators decide one case. Orders to which that happened go on as they began. */
const DESK = 'workflows/operator-desk.ts';
const GUARD = '    open.mustBeFree(repair);\n';

let env: TestWorkflowEnvironment;
const directory = mkdtempSync(path.join(os.tmpdir(), 'two-decisions-'));
beforeAll(async () => {
  quietRuntime();
  const executable = { type: 'existing-path', path: testEnvironment('TEST_TIME_SKIPPING_SERVER') } as const;
  env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  await registerSearchAttributes(env.connection, 'default');
});
afterAll(async () => {
  await env.teardown();
  rmSync(directory, { recursive: true, force: true });
});

const decide = (handle: WorkflowHandle, action: RepairAction): Promise<void> =>
  handle.executeUpdate<void, [Repair]>(REPAIR, {
    updateId: action,
    args: [{ id: action, step: 'notification-sent', action, reason: 'I know why.', operator: 'key-1' }],
  });

/** A skip and a cancel that are recorded at the same time. */
const bothAdmitted: Scenario = {
  name: 'two-decisions',
  ends: 'completed',
  play: () => {
    const [skip, cancel] = [meeting(), meeting()];
    return {
      activities: {
        sendNotification: fail,
        recordRepair: async ({ action }) => (action === 'skip' ? skip : cancel).arrive(),
      },
      during: async (handle) => {
        await needsAttention(handle, env);
        const decisions = [decide(handle, 'skip'), decide(handle, 'cancel')];
        await Promise.all([skip.met, cancel.met]);
        skip.leave();
        await decisions[0];
        cancel.leave();
        await decisions[1];
      },
    };
  },
};

test('a history with two decisions at the same time replays, and would not if the later one were refused now', async () => {
  const before = await changedWorkflow(DESK, (source) => source.replace(GUARD, ''));
  const wrong = await changedWorkflow(DESK, (source) =>
    source.replace('    open.hold(repair);\n', `${GUARD}    open.hold(repair);\n`),
  );
  writeFileSync(
    path.join(directory, 'two-decisions.json'),
    await recordScenario(bothAdmitted, env, 'two-decisions', before),
  );

  const [now, turnedAway] = [
    reportIn(await replay([directory, '--json'])),
    reportIn(await replay([directory, '--json'], { bundle: wrong })),
  ];

  expect(now).toMatchObject({ ok: true, replayed: 1 });
  expect(turnedAway.ok).toBe(false);
});
