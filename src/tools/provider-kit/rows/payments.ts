import type { Money } from '../../../domain/money';
import type { Row } from '../../suite/row';
import { NotObserved, must } from '../../suite/violation';
import type { Bench } from '../bench';
import { mustBeDone, mustBeSame, mustNotAct, refusedOr } from '../expectations';
import { MINOR } from '../given';
import { loseAnswer } from '../mishaps';
import type { Told } from '../step-calls';

type Payments = Bench<'payments'>;

const AT_ONCE = 10;

const amountOf = ({ given: { currency } }: Payments, minor = MINOR.usual): Money => ({ minor, currency });

/** A key under which money is held. */
async function held(bench: Payments): Promise<string> {
  const key = bench.newKey();
  mustBeDone(bench, await bench.calls.act(key));
  return key;
}

async function captured(bench: Payments): Promise<string> {
  const key = await held(bench);
  mustBe('captured', await bench.port.capture({ key, amount: amountOf(bench) }));
  return key;
}

function mustBe(outcome: string, told: Told): void {
  must(told.outcome === outcome, `expected ${outcome}, got ${told.outcome}`);
  must(outcome !== 'captured' || told.reference !== undefined, 'captured has no reference');
}

function mustAllBeSame(answers: readonly Told[]): void {
  const [first, ...others] = answers;
  if (first) for (const other of others) mustBeSame(other, first);
}

const capture: Row<Payments> = {
  row: 'capture',
  checks: [
    {
      says: 'once, however often it is called',
      run: async (bench) => {
        const key = await held(bench);
        const call = { key, amount: amountOf(bench) };
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => bench.port.capture(call)));
        mustBe('captured', await bench.port.capture(call));
        mustAllBeSame([...answers, await bench.port.capture(call)]);
      },
    },
    {
      says: 'once, when its answer is lost',
      run: async (bench) => {
        const call = { key: await held(bench), amount: amountOf(bench) };
        await loseAnswer(bench, () => bench.port.capture(call));
        const retried = await bench.port.capture(call);
        mustBe('captured', retried);
        mustBeSame(await bench.port.capture(call), retried);
      },
    },
    {
      says: 'not of a key that holds nothing',
      run: (bench) => mustNotAct(bench.port.capture({ key: bench.newKey(), amount: amountOf(bench) }), 'rejected'),
    },
    {
      says: 'not after the void',
      run: async (bench) => {
        const key = await held(bench);
        await bench.port.void({ key });
        await mustNotAct(bench.port.capture({ key, amount: amountOf(bench) }), 'rejected');
      },
    },
    {
      says: 'not of more than is held',
      run: async (bench) => {
        const key = await held(bench);
        await mustNotAct(bench.port.capture({ key, amount: amountOf(bench, MINOR.other) }), 'rejected');
      },
    },
  ],
};

const voidAfterCapture: Row<Payments> = {
  row: 'void after the capture',
  checks: [
    {
      says: 'the money is given back, once',
      run: async (bench) => {
        const key = await captured(bench);
        await bench.port.void({ key });
        await bench.port.void({ key });
        const more = { key, refund: 'ref_kit', amount: amountOf(bench) };
        await mustNotAct(bench.port.refund(more), 'rejected');
      },
    },
  ],
};

const refund: Row<Payments> = {
  row: 'refund',
  checks: [
    {
      says: 'once for each id, and never more than was captured',
      run: async (bench) => {
        const key = await captured(bench);
        const [part, rest] = [amountOf(bench, MINOR.usual / 3n), amountOf(bench, MINOR.usual - MINOR.usual / 3n)];
        const first = { key, refund: 'ref_1', amount: part };
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => bench.port.refund(first)));
        for (const answer of answers) mustBe('refunded', answer);
        mustAllBeSame(answers);
        mustBe('refunded', await bench.port.refund({ key, refund: 'ref_2', amount: rest }));
        await mustNotAct(bench.port.refund({ key, refund: 'ref_3', amount: amountOf(bench, 1n) }), 'rejected');
        mustBeSame(await bench.port.refund(first), answers[0] as Told);
      },
    },
    {
      says: 'one of ten at once, if each is for all of it',
      run: async (bench) => {
        const key = await captured(bench);
        const ask = (refundId: string) => bench.port.refund({ key, refund: refundId, amount: amountOf(bench) });
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => refusedOr(ask(`ref_${n}`))));
        const given = answers.filter((answer) => answer?.outcome === 'refunded').length;
        must(given === 1, `${given} of ${AT_ONCE} were refunded`);
      },
    },
    {
      says: 'not before the capture',
      run: async (bench) => {
        const key = await held(bench);
        await mustNotAct(bench.port.refund({ key, refund: 'ref_kit', amount: amountOf(bench) }), 'rejected');
      },
    },
  ],
};

const otherAmount: Row<Payments> = {
  row: 'find with another amount',
  checks: [
    {
      says: 'a fault: what is held is not what was asked for',
      run: async (bench) => {
        if (!bench.port.find) throw new NotObserved('the port has no find');
        const key = await held(bench);
        await mustNotAct(bench.port.find({ key, amount: amountOf(bench, MINOR.other) }));
      },
    },
  ],
};

const declined: Row<Payments> = {
  row: 'declined payment',
  checks: [
    {
      says: 'declined again under the same key, and nothing is held',
      run: async (bench) => {
        const { declinedToken: token } = bench.given;
        if (token === undefined) throw new NotObserved('give --declined-token, of a payment that is declined');
        const call = { key: bench.newKey(), amount: amountOf(bench), token };
        mustBe('declined', await bench.port.authorize(call));
        mustBe('declined', await bench.port.authorize(call));
        await mustNotAct(bench.port.capture({ key: call.key, amount: call.amount }), 'rejected');
      },
    },
  ],
};

export const ofPayments: readonly Row<Payments>[] = [otherAmount, declined, capture, voidAfterCapture, refund];
