import type { Row } from '../../suite/row';
import { must } from '../../suite/violation';
import type { Bench } from '../bench';
import { finderOf, mustBeDone, mustBeSame } from '../expectations';
import { giveUp, loseAnswer } from '../mishaps';

export const unknownKey: Row<Bench> = {
  row: 'unknown key',
  checks: [
    {
      says: 'find says unseen, and the key stays free',
      run: async (bench) => {
        const find = finderOf(bench);
        const key = bench.newKey();
        const { outcome } = await find(key);
        must(outcome === 'unseen', `expected unseen, got ${outcome}`);
        mustBeDone(bench, await bench.calls.act(key));
      },
    },
  ],
};

export const lostAnswer: Row<Bench> = {
  row: 'lost answer',
  checks: [
    {
      says: 'find knows what was done',
      run: async (bench) => {
        const find = finderOf(bench);
        const key = bench.newKey();
        await loseAnswer(bench, () => bench.calls.act(key));
        const found = await find(key);
        mustBeDone(bench, found);
        mustBeSame(await bench.calls.act(key), found);
      },
    },
    {
      says: 'a retry does nothing more',
      run: async (bench) => {
        const key = bench.newKey();
        await loseAnswer(bench, () => bench.calls.act(key));
        const retried = await bench.calls.act(key);
        mustBeDone(bench, retried);
        mustBeSame(await bench.calls.act(key), retried);
        if (bench.calls.find) mustBeSame(await bench.calls.find(key), retried);
      },
    },
    {
      says: 'an undo whose answer is lost is done',
      run: async (bench) => {
        const key = bench.newKey();
        mustBeDone(bench, await bench.calls.act(key));
        await loseAnswer(bench, () => bench.calls.undo(key));
        await bench.calls.undo(key);
        const { outcome } = await bench.calls.act(key);
        must(outcome === 'blocked', `a call after the undo: expected blocked, got ${outcome}`);
      },
    },
  ],
};

export const slowAnswer: Row<Bench> = {
  row: 'slow answer',
  checks: [
    {
      says: 'the caller gives up, asks and retries while the provider works',
      run: async (bench) => {
        const { act, find } = bench.calls;
        const key = bench.newKey();
        const givenUp = giveUp(bench, () => act(key));
        // Any answer is right here, but a call that is found to be done must be the one that stays.
        const during = find ? await find(key) : undefined;
        const retried = await act(key);
        await givenUp;

        mustBeDone(bench, retried);
        if (during && bench.calls.done.includes(during.outcome)) mustBeSame(retried, during);
        mustBeSame(await act(key), retried);
        if (find) mustBeSame(await find(key), retried);
      },
    },
  ],
};
