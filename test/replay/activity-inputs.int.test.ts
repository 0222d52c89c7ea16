import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { historiesIn } from '../../src/replay/released-shape';
import { registerSearchAttributes } from '../../src/runtime/search-attributes';
import { testEnvironment } from '../support/environment';
import { STEP_TABLE } from '../support/recording-activities';
import { currentShape, folderOf } from './corpus';
import { quietRuntime } from './quiet-runtime';
import { recordScenario } from './record-scenario';
import { eventsIn, eventsOf } from './recorded';
import type { RecordedEvent } from './recorded';
import { SCENARIOS } from './scenarios';

/**
 * Replay compares which activities are called, but not with what. An activity of tomorrow is called by histories of today, so an
 * input that changes has to be understood in both forms; change these only together with an activity that does.
 */
const ORDER = { checkoutId: `chk_${'0'.repeat(32)}`, tenant: 'acme' };
const UNWINDING = { ...ORDER, because: 'UndeliverableAddress', sentence: 'No.' };
const INPUTS = Object.fromEntries(
  STEP_TABLE.flatMap(([, step, undo]) => [
    [step, [ORDER]],
    [undo, [UNWINDING]],
  ]),
);

/** The one in which all steps are called, and all undos. */
const SCENARIO = 'refused-label-generated';
const FOLDER = folderOf(currentShape());

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  quietRuntime();
  const executable = { type: 'existing-path', path: testEnvironment('TEST_TIME_SKIPPING_SERVER') } as const;
  env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  await registerSearchAttributes(env.connection, 'default');
});
afterAll(() => env.teardown());

const inputsIn = (events: readonly RecordedEvent[]) =>
  events.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled
      ? [[scheduled.activityType.name, scheduled.input?.payloads.map(({ data }) => decoded(data))] as const]
      : [],
  );
const decoded = (data: string): unknown => JSON.parse(Buffer.from(data, 'base64').toString());

test('the fourteen activities were recorded with these inputs', () => {
  expect(Object.fromEntries(inputsIn(eventsIn(FOLDER, SCENARIO)))).toEqual(INPUTS);
});

test('the workflow of today calls them with the same', async () => {
  const scenario = SCENARIOS.find(({ name }) => name === SCENARIO);
  if (!scenario) throw new Error(`There is no scenario ${SCENARIO}`);

  const json = await recordScenario(scenario, env);

  expect(Object.fromEntries(inputsIn(eventsOf(json)))).toEqual(INPUTS);
});

test.each(historiesIn(FOLDER))('%s has them in the same form', (file) => {
  const forms = inputsIn(eventsIn(FOLDER, file.replace('.json', ''))).map(([name, inputs]) => [name, formOf(inputs)]);

  const expected = forms.map(([name]) => [name, formOf(INPUTS[String(name)])]);
  expect(forms).toEqual(expected);
});

const formOf = (inputs: unknown) => (inputs as object[]).map((input) => Object.keys(input));
