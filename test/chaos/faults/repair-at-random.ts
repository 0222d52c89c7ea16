import { setTimeout as rest } from 'node:timers/promises';
import type { RepairAction } from '../../../src/contract/repair';
import { SKIPPABLE } from '../../../src/domain/steps';
import type { Attention } from '../../../src/checkouts/operators/list-attention';
import type { Draws } from '../../proof/draws';
import { oneOf } from '../chance';
import type { Fault } from '../injector';
import { OperatorsDesk } from '../operators-desk';

const LOOK_EVERY_MS = 500;
const MOST_AT_ONCE = 8;

/** How a case is settled: once; by somebody who asks twice with one key; by two operators at the same moment, who may want different things. */
const MANNERS = ['repaired', 'repaired-twice', 'repaired-at-once'] as const;
export const isOfOperator = (kind: string): boolean => MANNERS.some((manner) => manner === kind);

/** Whatever needs attention is settled, at random. */
export const repairAtRandom: Fault = ({ api, givenUp, differs }, random) => {
  const desk = new OperatorsDesk(api, differs);
  const struck: Record<string, number> = Object.fromEntries(MANNERS.map((manner) => [manner, 0]));
  let keys = 0;
  const decide = (item: Attention) => ({ action: actionOn(random, item), key: `chaos-repair-${(keys += 1)}` });

  const settle = async (item: Attention, signal: AbortSignal): Promise<void> => {
    const manner = oneOf(random, MANNERS);
    const [decision, other] = [decide(item), decide(item)];
    const decisions = manner === 'repaired-at-once' ? [decision, other] : [decision];
    if (decisions.some(({ action }) => action === 'cancel')) givenUp.add(item.checkoutId);
    const answers = await Promise.all(decisions.map((each) => desk.repair(item, each, signal)));
    if (!answers.includes('done')) return;
    if (manner === 'repaired-twice' && (await desk.repair(item, decision, signal)) === 'refused')
      differs(`${item.checkoutId}: ${decision.action} ${item.step} was done, and refused when asked for again`);
    struck[manner] = (struck[manner] ?? 0) + 1;
  };

  return {
    struck,
    run: async (signal) => {
      while (await rest(LOOK_EVERY_MS, true, { signal }).catch(() => false)) {
        const open = await desk.attention(signal);
        await Promise.all(random.shuffle(open.slice(0, MOST_AT_ONCE)).map((item) => settle(item, signal)));
      }
    },
  };
};

/** By hand is only done what the customer alone notices: who says that money was freed, and has not freed it, is no fault of ours. */
function actionOn(random: Draws, { kind, step }: Attention): RepairAction {
  const mayBeMissing = SKIPPABLE.includes(step);
  if (kind === 'undo') return oneOf(random, mayBeMissing ? ['retry', 'skip', 'resolve'] : ['retry']);
  return oneOf(random, mayBeMissing ? ['retry', 'skip', 'cancel'] : ['retry', 'cancel']);
}
