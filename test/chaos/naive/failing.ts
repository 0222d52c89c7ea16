import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import { Draws } from '../../proof/draws';

/**
 * A share of the calls of each step and undo fails: half of them before acting, half after acting, with a lost answer. Which ones depends
 * only on the seed, the order and the attempt.
 */
export const failing =
  ({ seed, rate }: { seed: number; rate: number }) =>
  ({ info }: Context): ActivityInterceptors => ({
    inbound: {
      execute: async (input, next) => {
        const { workflowExecution: workflow, activityType, attempt } = info;
        const drawn = new Draws(seed, `${workflow?.workflowId} ${activityType} ${attempt}`).next();
        if (drawn < rate / 2) throw new Error('It failed before it acted');
        const answer = await next(input);
        if (drawn < rate) throw new Error('It acted, but the answer was lost');
        return answer;
      },
    },
  });
