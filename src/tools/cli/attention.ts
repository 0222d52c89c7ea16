import { CURRENCY_EXPONENTS } from '../../domain/currencies';
import { format } from '../../domain/money';
import { inColumns, minuteOf } from '../terminal/columns';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { repairHintsFor } from './repair';
import type { CommandGroup, CommonOptions, Session } from './session';
import { listOf, objectOf, orNull, text } from './shape';
import type { Shaped } from './shape';

const moment = (value: unknown): value is string => text(value) && !Number.isNaN(Date.parse(value));
const minorUnits = (value: unknown): value is number => Number.isSafeInteger(value);
const currencyCode = (value: unknown): value is string => text(value) && Object.hasOwn(CURRENCY_EXPONENTS, value);

const itemShape = objectOf({
  ...{ checkoutId: text, tenant: text, step: text, kind: text, why: text },
  ...{ since: moment, amount: orNull(minorUnits), currency: currencyCode },
});
const listShape = objectOf({ attention: listOf(itemShape) });

const HEAD = ['SINCE', 'CHECKOUT', 'TENANT', 'STEP', 'KIND', 'MONEY', 'WHY'];

export function addAttention({ command, act }: CommandGroup): void {
  command('attention', 'list what needs an operator, with the commands that settle it').action(
    (options: CommonOptions) => act(options, attention),
  );
}

/** Lists what waits for an operator, oldest first, each with the commands that settle it. Exits with 3 if there is anything. */
async function attention({ api, output, reach }: Session): Promise<ExitCode> {
  const { attention: items } = await api.get('/v1/ops/attention', listShape);
  output.answer({ attention: items });
  if (items.length === 0) {
    output.say('Nothing needs attention.');
    return EXIT.asPromised;
  }

  const [head = '', ...rows] = inColumns([HEAD, ...items.map(cellsOf)]);
  output.draw([{ text: head, style: 'dim' }]);
  for (const [at, item] of items.entries()) {
    // `say`, not `draw`: a command that is cut to the width of the terminal cannot be copied.
    output.say(rows[at] ?? '');
    for (const { when, command } of repairHintsFor(item)) {
      output.say(`    ${when}:`);
      output.say(`    ${command}${reach} --reason`);
    }
    output.say('');
  }
  output.say('Say why after --reason: it is recorded, with who did it and when.');
  return EXIT.needsAttention;
}

const cellsOf = (item: Shaped<typeof itemShape>): string[] => [
  ...[minuteOf(item.since), item.checkoutId, item.tenant, item.step, item.kind],
  item.amount === null ? 'no price' : format({ minor: BigInt(item.amount), currency: item.currency }),
  item.why,
];
