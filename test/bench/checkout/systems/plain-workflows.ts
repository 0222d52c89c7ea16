import { proxyActivities } from '@temporalio/workflow';
import { STEPS } from '../../../../src/domain/steps';
import type { Step } from '../../../../src/domain/steps';

const { step } = proxyActivities<{ step(order: string, name: Step): Promise<string> }>({ startToCloseTimeout: '10s' });

/** As each published saga does it. */
export async function sevenRegularActivities(order: string): Promise<void> {
  for (const name of STEPS) await step(order, name);
}

/** The least that a workflow can be. */
export async function nothing(): Promise<void> {}
