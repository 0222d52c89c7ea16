import type { Answer } from '../answer';
import { aCart, aKey } from '../carts';
import { isReplay, mustBeAcceptance, mustBeCompleted, mustBeProblem, mustBeSame } from '../expectations';
import { must } from '../../suite/violation';
import { WAIT_FOR_OUTCOME } from '../preference';
import type { Row } from '../row';
import type { Placement, ServerUnderTest } from '../server-under-test';

const AT_ONCE = 50;
const AT_ONCE_AND_WAITING = 10;
const PAIRS = 10;

const together = (server: ServerUnderTest, count: number, placementOf: (at: number) => Placement): Promise<Answer[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => server.place(placementOf(at))));

/** One execution: one id, the same bytes for everyone, and exactly one answer that is not a replay. */
function mustBeOneExecution(answers: readonly Answer[], idIn: (answer: Answer) => string = mustBeAcceptance): void {
  const firsts = answers.filter((answer) => !isReplay(answer));
  const ids = new Set(answers.map((answer) => idIn(answer)));
  must(ids.size === 1, `${answers.length} requests with one key got ${ids.size} checkouts`);
  must(firsts.length === 1, `${firsts.length} of ${answers.length} answers are not marked Idempotent-Replayed`);
  for (const answer of answers) mustBeSame(answer, firsts[0] ?? answer);
}

export const fiftyAtOnce: Row = {
  row: '50 at once, same key and body',
  checks: [
    {
      says: 'one execution, and everyone gets the same answer',
      run: async (server) => {
        const key = aKey();

        const answers = await together(server, AT_ONCE, () => ({ key, body: aCart() }));

        mustBeOneExecution(answers);
        const { status, members } = await server.read(String(answers[0]?.members.id));
        must(status === 200 && members.id === answers[0]?.members.id, `GET of the checkout answers ${status}`);
      },
    },
    {
      says: 'ten that wait for the outcome: the same result',
      run: async (server) => {
        const key = aKey();

        const answers = await together(server, AT_ONCE_AND_WAITING, () => ({
          key,
          body: aCart(),
          prefer: WAIT_FOR_OUTCOME,
        }));

        mustBeOneExecution(answers, mustBeCompleted);
      },
    },
    {
      says: 'two bodies mixed: one wins, the other is refused every time',
      run: async (server) => {
        const key = aKey();
        const bodies = [aCart(), aCart({ expectedTotal: 3_300 })];

        const answers = await together(server, AT_ONCE, (at) => ({ key, body: bodies[at % 2] ?? aCart() }));

        const sides = [0, 1].map((side) => answers.filter((_, at) => at % 2 === side));
        const won = sides.filter((side) => side.some(({ status }) => status === 202));
        must(won.length === 1, `${won.length} bodies won the same key`);
        mustBeOneExecution(won.flat());
        for (const answer of sides.filter((side) => !won.includes(side)).flat()) {
          mustBeProblem(answer, 422, 'idempotency-key-reused');
        }
      },
    },
  ],
};

/** A client cannot hold the transaction open; it can see that a second request never runs beside the first. */
export const firstStillOpen: Row = {
  row: "the first one's transaction still open",
  checks: [
    {
      says: 'two at once, ten times: the second waits or is told to retry, and then replays',
      run: async (server) => {
        for (let pair = 0; pair < PAIRS; pair += 1) {
          const key = aKey();
          mustBeOneExecution(await together(server, 2, () => ({ key, body: aCart() })));
        }
      },
    },
  ],
};
