import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { CheckoutActivities } from '../../../src/contract/activities';
import type { Resumed } from '../../../src/contract/checkout';
import type { Refusal } from '../../../src/domain/refusals';
import type { Lane } from '../../support/saga-harness';

export interface Play {
  /** What is not as in a checkout that completes. */
  readonly activities?: Partial<CheckoutActivities>;
  /** What happens before any worker is there. */
  readonly before?: (env: TestWorkflowEnvironment, taskQueue: string) => Promise<unknown>;
  /** What happens while it runs. */
  readonly during?: (handle: WorkflowHandle, env: TestWorkflowEnvironment) => Promise<unknown>;
}

/** One history of the corpus. */
export interface Scenario {
  /** The name of its file. */
  readonly name: string;
  /** `completed`, or the type of the failure: what does not end so is not recorded. */
  readonly ends: Refusal | 'completed';
  /** Hours of retries pass in no time there. Everything else is recorded on the server that people run. */
  readonly server?: 'time-skipping';
  /** What a run before this one left. */
  readonly resumed?: Resumed;
  /** Of a workflow task, where it is not the server's ten seconds. */
  readonly taskTimeout?: '1s';
  /** Each is played in both lanes. */
  readonly lane?: Lane;
  /** Afresh for each recording, because activities count. */
  readonly play: () => Play;
}

export const refuse = (type: Refusal) => async () => Promise.reject(ApplicationFailure.nonRetryable('No.', type));

export const fail = async () => Promise.reject(new Error('The provider is away.'));

/** Fails so often and works from then on. */
export function failing<T>(times: number, answer: T): () => Promise<T> {
  let attempts = 0;
  return async () => ((attempts += 1) <= times ? fail() : answer);
}
