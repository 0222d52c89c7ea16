import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aKey, aRequest } from '../support/builders';
import { eventually } from '../support/eventually';
import { expectCompletedOnce, faultsFired } from '../support/held-steps';
import { OwnStack } from '../support/own-stack';
import { idIn } from '../support/running-stack';
import { verify } from '../tools/verify/verify-command';

/** The reconciler looks every twenty seconds, once Temporal and the worker are back. */
const PATIENCE_MS = 240_000;
const SOLD_OUT = { items: [{ sku: 'SOLD-OUT', quantity: 1 }] };
/** Including the write-ahead log, which would restore it. */
const FILES = ['temporal.db', 'temporal.db-wal', 'temporal.db-shm'];

let stack: OwnStack;
beforeAll(async () => (stack = await OwnStack.start()));
afterAll(() => stack.stop());

const place = async (more: object = {}) => idIn(await stack.place(aRequest(more), { key: aKey() }));

/** As if its disk were lost: the restarted server finds nothing. */
async function emptyTemporal(): Promise<void> {
  const { temporal } = stack.file.pids;
  if (temporal === undefined) throw new Error('The stack has no Temporal');
  for (const file of FILES) rmSync(path.join(stack.dataDir, file), { force: true });
  process.kill(temporal, 'SIGKILL');
  await eventually(() => (stack.file.pids.temporal === temporal ? undefined : true));
}

const logged = () =>
  ['api.log', 'worker.log'].map((name) => readFileSync(path.join(stack.dataDir, 'logs', name), 'utf8'));

test(
  "when Temporal's database is emptied under running orders, they are found, logged and ended; ended orders stay the same",
  async () => {
    const ended = await place();
    await expectCompletedOnce(stack, ended);
    await stack.faults([
      { provider: 'warehouse', operation: 'fulfill', kind: 'fail-before' },
      { provider: 'payments', operation: 'void', kind: 'fail-before' },
    ]);
    const running = await place();
    const unwinding = await place(SOLD_OUT);
    await faultsFired(stack);

    await emptyTemporal();
    await stack.faults([]);

    await expectCompletedOnce(stack, running);
    expect(await stack.ended(unwinding)).toMatchObject({ state: 'refused', refusal: { code: 'out-of-stock' } });
    expect(await stack.authorizations(unwinding)).toEqual(expect.arrayContaining(['authorized', 'voided']));
    const { rows } = await stack.db.query(`select distinct checkout_id as id, found from resumes order by id`);
    expect(rows).toEqual([running, unwinding].sort().map((id) => ({ id, found: 'gone' })));
    const resumedLines = logged()
      .join('\n')
      .split('\n')
      .filter((line) => line.includes('a stranded checkout was resumed'));
    for (const id of [running, unwinding]) expect(resumedLines.join('\n')).toContain(id);
    await expectCompletedOnce(stack, await place());
    const { answer } = await verify(stack.dataDir, ['--settle', '0', '--only', 'P1,P2,P3,P4,P14']);
    expect(answer).toMatchObject({ ok: true, promises: { P14: { checked: 2, details: { gone: { ended: 2 } } } } });
  },
  PATIENCE_MS,
);
