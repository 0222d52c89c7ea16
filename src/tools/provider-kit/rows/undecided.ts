import { setTimeout as rest } from 'node:timers/promises';
import { request } from 'undici';
import type { AuthorizationAnswer, Unseen } from '../../../ports/payment-gateway';
import type { Row } from '../../suite/row';
import { NotObserved, must } from '../../suite/violation';
import type { Bench } from '../bench';
import { CALLS_OF } from '../calls-of';
import { finderOf, mustBeDone, mustBeSame, mustBeUndone, mustNotAct } from '../expectations';
import { MINOR } from '../given';
import type { Told } from '../step-calls';

type Payments = Bench<'payments'>;

/** Either may win: five tries show both. */
const RACES = 5;
const APPROVED_WITHIN_MS = 10_000;
/** A provider may take hours. Then there is nothing to see here. */
const DECIDED_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 100;

/** The same provider, which is paid with this token. */
function paidWith(bench: Payments, token: string | undefined, missing: string): Payments {
  if (token === undefined) throw new NotObserved(missing);
  return { ...bench, calls: CALLS_OF.payments(bench.port, { ...bench.given, token }) };
}

const askingCustomers = (bench: Payments): Payments =>
  paidWith(bench, bench.given.customerToken, 'give --customer-token, of a payment that the customer has to approve');

const takingItsTime = (bench: Payments): Payments =>
  paidWith(bench, bench.given.pendingToken, 'give --pending-token, of a payment that the provider decides later');

function mustBe(outcome: 'customer-action' | 'pending', told: Told): void {
  must(told.outcome === outcome, `expected ${outcome}, got ${told.outcome}`);
}

/** A key whose customer is asked, and where. */
async function asked(bench: Payments): Promise<{ readonly key: string; readonly url: string }> {
  const key = bench.newKey();
  const told = (await bench.calls.act(key)) as AuthorizationAnswer;
  must(told.outcome === 'customer-action', `expected customer-action, got ${told.outcome}`);
  return { key, url: told.url };
}

/** Approves as the customer does. How it is answered decides nothing. */
async function approve({ given: { approveSuffix } }: Payments, url: string): Promise<void> {
  if (approveSuffix === undefined) throw new NotObserved('give --approve-suffix, so that the kit can approve');
  const limits = { headersTimeout: APPROVED_WITHIN_MS, bodyTimeout: APPROVED_WITHIN_MS };
  const { body } = await request(`${url}${approveSuffix}`, { method: 'POST', ...limits });
  await body.dump();
}

/** What `find` says once it is neither of the two, or undefined. */
async function decided(bench: Payments, key: string, withinMs: number): Promise<Told | undefined> {
  for (const begun = performance.now(); performance.now() - begun < withinMs; await rest(LOOK_EVERY_MS)) {
    const found = (await finderOf(bench)(key)) as AuthorizationAnswer | Unseen;
    if (found.outcome !== 'customer-action' && found.outcome !== 'pending') return found;
  }
  return undefined;
}

const mustCaptureNothing = ({ port, given: { currency } }: Payments, key: string): Promise<void> =>
  mustNotAct(port.capture({ key, amount: { minor: MINOR.usual, currency } }), 'rejected');

const customerIsAsked: Row<Payments> = {
  row: 'customer is asked',
  checks: [
    {
      says: 'nothing is held before the customer approves, and find says so',
      run: async (given) => {
        const bench = askingCustomers(given);
        const { key } = await asked(bench);
        mustBe('customer-action', await bench.calls.act(key));
        mustBe('customer-action', await finderOf(bench)(key));
        await mustCaptureNothing(bench, key);
      },
    },
    {
      says: 'approved in two tabs, it is held once',
      run: async (given) => {
        const bench = askingCustomers(given);
        const { key, url } = await asked(bench);
        await Promise.all([approve(bench, url), approve(bench, url)]);
        const found = await decided(bench, key, APPROVED_WITHIN_MS);
        must(found !== undefined, `still undecided ${APPROVED_WITHIN_MS / 1_000} s after the approval`);
        mustBeDone(bench, found);
        await approve(bench, url);
        mustBeSame(await bench.calls.act(key), found);
        mustBeSame(await finderOf(bench)(key), found);
      },
    },
  ],
};

const undoWhileAsked: Row<Payments> = {
  row: 'undo while the customer is asked',
  checks: [
    {
      says: 'the key is refused from then on',
      run: async (given) => {
        const bench = askingCustomers(given);
        const { key } = await asked(bench);
        await bench.calls.undo(key);
        await mustBeUndone(bench, key);
      },
    },
    {
      says: 'an approval afterwards holds nothing',
      run: async (given) => {
        const bench = askingCustomers(given);
        const { key, url } = await asked(bench);
        await bench.calls.undo(key);
        await approve(bench, url);
        await mustBeUndone(bench, key);
        await mustCaptureNothing(bench, key);
      },
    },
    {
      says: 'an approval at the same moment leaves nothing',
      run: async (given) => {
        const bench = askingCustomers(given);
        for (let race = 1; race <= RACES; race += 1) {
          const { key, url } = await asked(bench);
          const undoIt = () => bench.calls.undo(key);
          await Promise.all(race % 2 === 1 ? [approve(bench, url), undoIt()] : [undoIt(), approve(bench, url)]);
          await mustBeUndone(bench, key);
          await mustCaptureNothing(bench, key);
        }
      },
    },
  ],
};

const pending: Row<Payments> = {
  row: 'pending payment',
  checks: [
    {
      says: 'nothing is held before it is decided, and then find says the same for ever',
      run: async (given) => {
        const bench = takingItsTime(given);
        const key = bench.newKey();
        mustBe('pending', await bench.calls.act(key));
        must((await finderOf(bench)(key)).outcome !== 'unseen', 'find has not seen it');
        const found = await decided(bench, key, DECIDED_WITHIN_MS);
        if (!found) throw new NotObserved(`it was not decided within ${DECIDED_WITHIN_MS / 1_000} s`);
        mustBeSame(await bench.calls.act(key), found);
        mustBeSame(await finderOf(bench)(key), found);
      },
    },
    {
      says: 'one that was undone before stays undone',
      run: async (given) => {
        const bench = takingItsTime(given);
        const [undone, kept] = [bench.newKey(), bench.newKey()];
        await bench.calls.act(undone);
        await bench.calls.act(kept);
        await bench.calls.undo(undone);
        await mustBeUndone(bench, undone);
        await decided(bench, kept, DECIDED_WITHIN_MS);
        await mustBeUndone(bench, undone);
        await mustCaptureNothing(bench, undone);
      },
    },
  ],
};

/** What a payment provider must keep that does not always decide at once. */
export const ofUndecided: readonly Row<Payments>[] = [customerIsAsked, undoWhileAsked, pending];
