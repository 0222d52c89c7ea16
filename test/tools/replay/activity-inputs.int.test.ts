import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { historiesIn } from '../../../src/tools/replay/released-shape';
import type { CheckoutActivities } from '../../../src/contract/activities';
import { registerSearchAttributes } from '../../../src/runtime/search-attributes';
import { testEnvironment } from '../../support/environment';
import { STEP_TABLE } from '../../support/recording-activities';
import { CURRENT_SHAPE, folderOf, laneFolders } from './corpus';
import { quietRuntime } from '../../support/quiet-runtime';
import { recordScenario } from './record-scenario';
import { eventsIn, eventsOf } from './recorded';
import type { RecordedEvent } from './recorded';
import { SCENARIOS } from './scenarios';

/**
 * Replay compares which activities are called, but not their inputs. Histories of today will call the activities of tomorrow, so an
 * activity must understand both forms of an input that changes: add the new form here, and keep the old one.
 */
const ORDER = { checkoutId: `chk_${'0'.repeat(32)}`, tenant: 'acme' };
const UNWINDING = { ...ORDER, because: 'UndeliverableAddress', sentence: 'No.' };
const UNDO = [UNWINDING, { ...UNWINDING, byHand: true }];
const CASE = { step: 'payment-authorized', kind: 'undo' };
const INPUTS: Record<keyof CheckoutActivities, readonly object[]> = {
  createOrder: [ORDER],
  authorizePayment: [ORDER, { ...ORDER, canWait: true }],
  awaitPayment: [
    { ...ORDER, waitsFor: 'customer', hasNews: false, isLast: false },
    { ...ORDER, waitsFor: 'provider', hasNews: true, isLast: true },
  ],
  reserveStock: [ORDER],
  triggerFulfillment: [ORDER],
  sendNotification: [ORDER],
  awardLoyalty: [ORDER],
  generateLabel: [ORDER],
  cancelOrder: UNDO,
  voidPayment: UNDO,
  releaseStock: UNDO,
  cancelFulfillment: UNDO,
  sendCancellation: UNDO,
  revokeLoyalty: UNDO,
  voidLabel: UNDO,
  giveUpStep: [{ ...UNWINDING, step: 'payment-authorized' }],
  raiseAttention: [
    { ...ORDER, ...CASE, why: 'The provider is away.' },
    { ...ORDER, ...CASE, why: 'The provider is away.', unwinding: { because: 'OutOfStock', sentence: 'None left.' } },
  ],
  recordRepair: [{ ...ORDER, ...CASE, id: '1', action: 'retry', reason: 'It is back.', operator: 'key-1' }],
};
const ACTIVITIES = Object.keys(INPUTS) as (keyof CheckoutActivities)[];

/** The scenario that calls all steps and all undos. */
const SCENARIO = 'refused-label-generated';
const FOLDER = folderOf(CURRENT_SHAPE);

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  quietRuntime();
  const executable = { type: 'existing-path', path: testEnvironment('TEST_TIME_SKIPPING_SERVER') } as const;
  env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  await registerSearchAttributes(env.connection, 'default');
});
afterAll(() => env.teardown());

type Call = readonly [activity: string, input: object];

const callsIn = (events: readonly RecordedEvent[]): Call[] =>
  events.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) => {
    const [payload] = scheduled?.input?.payloads ?? [];
    if (!scheduled || !payload) return [];
    const input = JSON.parse(Buffer.from(payload.data, 'base64').toString()) as object;
    return [[scheduled.activityType.name, input]];
  });

/** The calls of steps and undos in the order of that scenario. */
const PINNED: Call[] = [
  ...STEP_TABLE.map(({ act }): Call => [act, act === 'authorizePayment' ? { ...ORDER, canWait: true } : ORDER]),
  ...STEP_TABLE.map(({ undo }): Call => [undo, UNWINDING]).reverse(),
];

test('the fourteen steps and undos were recorded with these inputs', () => {
  expect(callsIn(eventsIn(FOLDER, SCENARIO))).toEqual(PINNED);
});

test("today's workflow calls them with the same inputs", async () => {
  const scenario = SCENARIOS.find(({ name }) => name === SCENARIO);
  if (!scenario) throw new Error(`There is no scenario ${SCENARIO}`);

  const json = await recordScenario(scenario, env);

  expect(callsIn(eventsOf(json))).toEqual(PINNED);
});

test('a resumed run was recorded with what the previous run had left', () => {
  const { resumed } = SCENARIOS.find(({ name }) => name === 'resumed-unwinding') ?? {};
  const [started] = eventsIn(FOLDER, 'resumed-unwinding');

  const [input] = started?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];

  expect(JSON.parse(Buffer.from(input?.data ?? '', 'base64').toString())).toEqual({ ...ORDER, resumed });
  expect(resumed).toEqual({
    ...{ number: 2, reached: 'fulfillment-triggered' },
    open: [{ step: 'fulfillment-triggered', kind: 'undo', why: 'The warehouse was away.' }],
    unwinding: {
      because: 'OutOfStock',
      sentence: 'None left.',
      undos: ['order-created', 'payment-authorized', 'stock-reserved'],
    },
  });
});

const formOf = (input: object) => Object.keys(input).sort().join();

test.each(ACTIVITIES)('%s is in the corpus, with no unknown form of input', (activity) => {
  const inputs = laneFolders()
    .flatMap(([, folder]) => historiesIn(folder).map((file) => eventsIn(folder, file.replace('.json', ''))))
    .flatMap(callsIn)
    .flatMap(([name, input]) => (name === activity ? [formOf(input)] : []));

  expect(inputs.length).toBeGreaterThan(0);
  expect(INPUTS[activity].map(formOf)).toEqual(expect.arrayContaining([...new Set(inputs)]));
});
