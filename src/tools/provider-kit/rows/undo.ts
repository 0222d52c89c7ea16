import type { Row } from '../../suite/row';
import { must } from '../../suite/violation';
import type { Bench } from '../bench';
import { mustBeDone, mustBeUndone } from '../expectations';

/** Either may win: five tries show both. */
const RACES = 5;

export const undoBeforeDo: Row<Bench> = {
  row: 'undo before do',
  checks: [
    {
      says: 'the key is refused from then on',
      run: async (bench) => {
        const key = bench.newKey();
        await bench.calls.undo(key);
        await mustBeUndone(bench, key);
        await mustBeUndone(bench, key);
      },
    },
  ],
};

export const undo: Row<Bench> = {
  row: 'undo',
  checks: [
    {
      says: 'a late attempt does nothing',
      run: async (bench) => {
        const key = bench.newKey();
        mustBeDone(bench, await bench.calls.act(key));
        await bench.calls.undo(key);
        await mustBeUndone(bench, key);
      },
    },
    {
      says: 'other keys stay done',
      run: async (bench) => {
        const [kept, undone] = [bench.newKey(), bench.newKey()];
        const first = mustBeDone(bench, await bench.calls.act(kept));
        await bench.calls.act(undone);
        await bench.calls.undo(undone);
        const again = mustBeDone(bench, await bench.calls.act(kept));
        must(again === first, `the undo of another key changed the reference from ${first} to ${again}`);
      },
    },
  ],
};

export const undoTwice: Row<Bench> = {
  row: 'undo twice',
  checks: [
    {
      says: 'of what was done',
      run: async (bench) => {
        const key = bench.newKey();
        mustBeDone(bench, await bench.calls.act(key));
        await bench.calls.undo(key);
        await bench.calls.undo(key);
        await mustBeUndone(bench, key);
      },
    },
    {
      says: 'of what was never done',
      run: async (bench) => {
        const key = bench.newKey();
        await bench.calls.undo(key);
        await bench.calls.undo(key);
        await mustBeUndone(bench, key);
      },
    },
  ],
};

export const undoWhileItActs: Row<Bench> = {
  row: 'undo while the call is under way',
  checks: [
    {
      says: 'nothing remains, whichever was first',
      run: async (bench) => {
        const { act, undo: undoIt } = bench.calls;
        for (let race = 1; race <= RACES; race += 1) {
          const key = bench.newKey();
          const both = race % 2 === 1 ? [act(key), undoIt(key)] : [undoIt(key), act(key)];
          const [first, second] = await Promise.allSettled(both);
          const undone = race % 2 === 1 ? second : first;
          // A provider may refuse the undo while the call is under way: it is retried.
          if (undone?.status === 'rejected') await undoIt(key);
          await mustBeUndone(bench, key);
        }
      },
    },
  ],
};
