import { inColumns, minuteOf } from '../terminal/columns';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import type { DeadLetter, DeadLetterPage } from './outbox-answers';
import type { Session } from './session';

const HEAD = ['SINCE', 'SINK', 'TARGET', 'CHECKOUT', 'EVENT', 'TRIED', 'WHY'];
/** More are no list to read through. */
const MOST_SHOWN = 1_000;

export interface DeadLetterOptions {
  readonly sink?: string;
}

/** What sinks did not take and nobody tries any more. Exits with 3 when there is anything. */
export async function deadLetters({ api, output, reach }: Session, { sink }: DeadLetterOptions): Promise<ExitCode> {
  const shown: DeadLetter[] = [];
  let next: string | null = null;
  do {
    const query: { sink?: string; cursor?: string } = { ...(sink && { sink }), ...(next && { cursor: next }) };
    const page: DeadLetterPage = await api.deadLetters(query);
    shown.push(...page.deadLetters);
    next = page.next;
  } while (next !== null && shown.length < MOST_SHOWN);
  output.answer({ deadLetters: shown, next });
  if (shown.length === 0) {
    output.say('Nothing is dead.');
    return EXIT.asPromised;
  }

  const [head = '', ...rows] = inColumns([HEAD, ...shown.map(cellsOf)]);
  output.draw([{ text: head, style: 'dim' }]);
  for (const row of rows) output.say(row);
  if (next !== null) output.say('There are more.');
  output.say('');
  output.say('Once the sink takes them, deliver them again, with all that stands behind them:');
  output.say(`    npx durable-checkout redrive${sink === undefined ? '' : ` --sink ${sink}`}${reach} --reason`);
  return EXIT.needsAttention;
}

const cellsOf = ({ parkedAt, sink, target, checkoutId, sequence, type, attempts, reason }: DeadLetter): string[] => [
  ...[minuteOf(parkedAt), sink, target || '-', checkoutId, `${sequence} ${type}`, String(attempts), reason],
];
