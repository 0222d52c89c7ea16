import type { Row } from '../../suite/row';
import type { Bench } from '../bench';
import { mustBeDone } from '../expectations';
import { loseAnswer } from '../mishaps';

const AT_ONCE = 10;

const commit: Row<Bench<'inventory'>> = {
  row: 'commit',
  checks: [
    {
      says: 'harmless when repeated, and when its answer is lost',
      run: async (bench) => {
        const key = bench.newKey();
        mustBeDone(bench, await bench.calls.act(key));
        await loseAnswer(bench, () => bench.port.commit({ key }));
        await Promise.all(Array.from({ length: AT_ONCE }, () => bench.port.commit({ key })));
      },
    },
  ],
};

export const ofInventory = [commit];
