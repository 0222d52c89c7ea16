import { sinkName } from '../terminal/arguments';
import { inColumns, minuteOf } from '../terminal/columns';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import type { CommandGroup, CommonOptions, Session } from './session';
import { listOf, number, objectOf, orNull, text } from './shape';
import type { Shaped } from './shape';

const letterShape = objectOf({
  ...{ sink: text, target: text, checkoutId: text, sequence: number, type: text },
  ...{ attempts: number, reason: text, parkedAt: text },
});
const pageShape = objectOf({ deadLetters: listOf(letterShape), next: orNull(text) });

type DeadLetter = Shaped<typeof letterShape>;

const HEAD = ['SINCE', 'SINK', 'TARGET', 'CHECKOUT', 'EVENT', 'TRIED', 'WHY'];
/** Nobody reads through a longer list. */
const MOST_SHOWN = 1_000;

interface DeadLetterOptions {
  readonly sink?: string;
}

export function addDeadLetters({ command, act }: CommandGroup): void {
  command('dead-letters', 'list the events that could not be delivered')
    .option('--sink <sink>', 'only this one', sinkName)
    .action((options: CommonOptions & DeadLetterOptions) => act(options, (session) => deadLetters(session, options)));
}

/** Lists the events that sinks did not accept and that are no longer retried. Exits with 3 if there are any. */
async function deadLetters({ api, output, reach }: Session, { sink }: DeadLetterOptions): Promise<ExitCode> {
  const shown: DeadLetter[] = [];
  let next: string | null = null;
  do {
    const query: Record<string, string> = { ...(sink && { sink }), ...(next && { cursor: next }) };
    const page: Shaped<typeof pageShape> = await api.get('/v1/ops/outbox/dead-letters', pageShape, query);
    shown.push(...page.deadLetters);
    next = page.next;
  } while (next !== null && shown.length < MOST_SHOWN);
  output.answer({ deadLetters: shown, next });
  if (shown.length === 0) {
    output.say('There are no dead letters.');
    return EXIT.asPromised;
  }

  const [head = '', ...rows] = inColumns([HEAD, ...shown.map(cellsOf)]);
  output.draw([{ text: head, style: 'dim' }]);
  for (const row of rows) output.say(row);
  if (next !== null) output.say('There are more.');
  output.say('');
  output.say('Once the sink accepts them, deliver them again, with all the events behind them:');
  output.say(`    npx durable-checkout redrive${sink === undefined ? '' : ` --sink ${sink}`}${reach} --reason`);
  return EXIT.needsAttention;
}

const cellsOf = ({ parkedAt, sink, target, checkoutId, sequence, type, attempts, reason }: DeadLetter): string[] => [
  ...[minuteOf(parkedAt), sink, target || '-', checkoutId, `${sequence} ${type}`, String(attempts), reason],
];
