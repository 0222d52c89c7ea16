import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import { Draws } from '../../proof/draws';

/**
 * Of the calls of each step and undo a share fails: half of them before they act, half of them having acted, and the answer is lost. Which
 * ones, only the seed, the order and the attempt decide.
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
        if (drawn < rate) throw new Error('It acted, and the answer was lost');
        return answer;
      },
    },
  });
