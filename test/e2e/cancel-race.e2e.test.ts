import { setTimeout as rest } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { idIn, RunningStack } from '../support/running-stack';

let stack: RunningStack;
beforeAll(() => {
  stack = new RunningStack();
});
afterAll(() => stack.db.close());

const RACES = 20;
/** A checkout takes a few hundred milliseconds here, so the cancels arrive at every stage, and after the end. */
const LATEST_MS = 1_000;

async function cancel(id: string): Promise<{ status: number; code: string | undefined }> {
  const response = await fetch(`${stack.file.api}/v1/checkouts/${id}/cancel`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_sandbox_acme' },
  });
  const { code } = (await response.json()) as { code?: string };
  return { status: response.status, code };
}

test('twenty checkouts cancelled at random moments end as the answer to the cancel said', async () => {
  const races = await Promise.all(
    Array.from({ length: RACES }, async () => {
      const id = idIn(await stack.place());
      await rest(Math.random() * LATEST_MS);
      const answer = await cancel(id);
      return { id, answer, end: await stack.ended(id) };
    }),
  );

  for (const { id, answer, end } of races) {
    const outcomes = (await stack.journal('payments', id)).map(({ outcome }) => outcome);
    const held = outcomes.filter((outcome) => outcome === 'authorized').length;
    const freed = outcomes.filter((outcome) => outcome === 'voided').length;
    if (answer.status === 202) {
      expect([end.state, end.refusal?.code, held - freed]).toEqual(['cancelled', 'cancelled', 0]);
      expect(end.steps.every(({ state }) => state === 'undone' || state === 'skipped')).toBe(true);
    } else {
      expect([answer.status, answer.code]).toEqual([409, 'too-late-to-cancel']);
      expect([end.state, end.refusal, held - freed]).toEqual(['completed', null, 1]);
      expect(end.steps.every(({ state }) => state === 'done')).toBe(true);
    }
  }
});

test('an immediate cancel is in time, one after the end is not, and the answers stay the same', async () => {
  const early = idIn(await stack.place());
  const first = await cancel(early);
  expect((await stack.ended(early)).state).toBe('cancelled');
  const late = idIn(await stack.place());
  await stack.ended(late);

  expect([first.status, (await cancel(early)).status]).toEqual([202, 202]);
  expect([(await cancel(late)).code, (await cancel(late)).code]).toEqual(['too-late-to-cancel', 'too-late-to-cancel']);
  expect((await stack.read(late)).state).toBe('completed');
});
