import { format } from '../../domain/money';
import type { AttentionItem } from './attention-item';
import { inColumns, minuteOf } from '../terminal/columns';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { repairCommand, repairHintsFor } from './repair-hints';
import type { Session } from './session';

const HEAD = ['SINCE', 'CHECKOUT', 'TENANT', 'STEP', 'KIND', 'MONEY', 'WHY'];

/** Lists what waits for an operator, oldest first, each with the commands that settle it. Exits with 3 if there is anything. */
export async function attention({ api, output, reach }: Session): Promise<ExitCode> {
  const items = await api.attention();
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
    for (const { action, when } of repairHintsFor(item)) {
      output.say(`    ${when}:`);
      output.say(`    ${repairCommand(item, action)}${reach} --reason`);
    }
    output.say('');
  }
  output.say('Say why after --reason: it is recorded, with who did it and when.');
  return EXIT.needsAttention;
}

const cellsOf = ({ since, checkoutId, tenant, step, kind, amount, currency, why }: AttentionItem): string[] => [
  minuteOf(since),
  checkoutId,
  tenant,
  step,
  kind,
  amount === null ? 'no price' : format({ minor: BigInt(amount), currency }),
  why,
];
