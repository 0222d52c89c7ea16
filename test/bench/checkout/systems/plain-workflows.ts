import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import { STEPS } from '../../../../src/domain/steps';
import type { Step } from '../../../../src/domain/steps';

interface Activities {
  step(order: string, name: Step): Promise<string>;
  idle(name: Step): Promise<Step>;
}

const { step } = proxyActivities<Activities>({ startToCloseTimeout: '10s' });
const local = proxyLocalActivities<Activities>({ startToCloseTimeout: '10s', retry: { maximumAttempts: 1 } });

/** The way published sagas do it. */
export async function sevenRegularActivities(order: string): Promise<void> {
  for (const name of STEPS) await step(order, name);
}

/** The same steps without Temporal's task queue between them. */
export async function sevenLocalActivities(order: string): Promise<void> {
  for (const name of STEPS) await local.step(order, name);
}

/** Seven steps that do nothing. */
export async function sevenIdleActivities(): Promise<void> {
  for (const name of STEPS) await local.idle(name);
}

/** The smallest possible workflow. */
export async function nothing(): Promise<void> {}
