import type { Row } from '../../suite/row';
import { must } from '../../suite/violation';
import type { Bench } from '../bench';
import { mustBeDone, mustBeSame, mustNotAct } from '../expectations';

/** More than a provider's own pool of connections, and few enough for a test account. */
const AT_ONCE = 20;

export const firstCall: Row<Bench> = {
  row: 'first call',
  checks: [
    {
      says: 'it is done, and has a reference',
      run: async (bench) => void mustBeDone(bench, await bench.calls.act(bench.newKey())),
    },
    {
      says: 'another key has another reference',
      run: async (bench) => {
        const [one, other] = [await bench.calls.act(bench.newKey()), await bench.calls.act(bench.newKey())];
        must(mustBeDone(bench, one) !== mustBeDone(bench, other), `two keys got one reference, ${one.reference}`);
      },
    },
  ],
};

export const sameKeyTwice: Row<Bench> = {
  row: 'same key twice',
  checks: [
    {
      says: 'the same answer',
      run: async (bench) => {
        const key = bench.newKey();
        const first = await bench.calls.act(key);
        mustBeDone(bench, first);
        await bench.calls.act(bench.newKey());
        mustBeSame(await bench.calls.act(key), first);
      },
    },
    {
      says: `${AT_ONCE} at once`,
      run: async (bench) => {
        const key = bench.newKey();
        const calls = Array.from({ length: AT_ONCE }, () => bench.calls.act(key));
        const answers = (await Promise.allSettled(calls)).flatMap((ended) =>
          // A provider may refuse a call while the first one is under way: it is retried.
          ended.status === 'fulfilled' ? [ended.value] : [],
        );
        const last = await bench.calls.act(key);
        mustBeDone(bench, last);
        for (const answer of answers) mustBeSame(answer, last);
      },
    },
  ],
};

export const otherBody: Row<Bench> = {
  row: 'same key, other body',
  checks: [
    {
      says: 'refused, and the first one stays',
      run: async (bench) => {
        const { act } = bench.calls;
        const key = bench.newKey();
        const first = await act(key);
        mustBeDone(bench, first);

        await mustNotAct(act(key, 'other'));

        mustBeSame(await act(key), first);
      },
    },
  ],
};
