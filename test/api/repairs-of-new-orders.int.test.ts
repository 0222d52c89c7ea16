import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { STEPS } from '../../src/domain/steps';
import { apiWorld, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey } from '../support/builders';
import { eventually } from '../support/eventually';
import { codeOf, describeRun, idOf } from './setup';

let world: ApiWorld;
beforeAll(async () => (world = await apiWorld()));
afterAll(() => world.close());

// Without the fix it hung until the test's own time limit, which is minutes.
const ANSWERED_WITHIN_MS = 60_000;

test(
  'answers repairs of a new order before any worker has processed it',
  async () => {
    const key = aKey();
    const id = idOf(await place(world.app, { key }));
    // No worker polls this queue, so only the workflow's own answers would be missing.
    await eventually(() =>
      describeRun(world, key).then(
        () => true as const,
        () => undefined,
      ),
    );

    const answers = await Promise.all(
      STEPS.map((step) =>
        world.app.inject({
          method: 'POST',
          url: `/v1/ops/checkouts/${id}/repair`,
          headers: { authorization: 'Bearer sk_sandbox_operator', 'idempotency-key': aKey() },
          payload: { step, action: 'retry', reason: 'To be sure.' },
        }),
      ),
    );

    expect(answers.map((answer) => [answer.statusCode, codeOf(answer)])).toEqual(
      STEPS.map(() => [409, 'nothing-to-repair']),
    );
  },
  ANSWERED_WITHIN_MS,
);
