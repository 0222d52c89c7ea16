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

/** How a case is settled: once; twice with one key; by two operators at the same moment, who may disagree. */
const MANNERS = ['repaired', 'repaired-twice', 'repaired-at-once'] as const;
export const isOfOperator = (kind: string): boolean => MANNERS.some((manner) => manner === kind);

/** Operators who settle whatever needs attention, at random. */
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
      differs(`${item.checkoutId}: ${decision.action} ${item.step} was done, but refused when it was repeated`);
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

/** Only steps that cost no money are resolved by hand: an operator who claims to have freed money but has not is not our fault. */
function actionOn(random: Draws, { kind, step }: Attention): RepairAction {
  const mayBeMissing = SKIPPABLE.includes(step);
  if (kind === 'undo') return oneOf(random, mayBeMissing ? ['retry', 'skip', 'resolve'] : ['retry']);
  return oneOf(random, mayBeMissing ? ['retry', 'skip', 'cancel'] : ['retry', 'cancel']);
}
