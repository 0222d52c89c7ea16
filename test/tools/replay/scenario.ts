import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { CheckoutActivities } from '../../../src/contract/activities';
import type { Resumed } from '../../../src/contract/checkout';
import type { Refusal } from '../../../src/domain/refusals';
import type { Lane } from '../../support/saga-harness';

export interface Play {
  /** What differs from a checkout that completes. */
  readonly activities?: Partial<CheckoutActivities>;
  /** What happens before any worker runs. */
  readonly before?: (env: TestWorkflowEnvironment, taskQueue: string) => Promise<unknown>;
  /** What happens while it runs. */
  readonly during?: (handle: WorkflowHandle, env: TestWorkflowEnvironment) => Promise<unknown>;
}

/** One history of the corpus. */
export interface Scenario {
  /** The name of its file. */
  readonly name: string;
  /** `completed`, or the type of the failure. A run with another end is not recorded. */
  readonly ends: Refusal | 'completed';
  /** For hours of retries. Everything else is recorded on the server that people run. */
  readonly server?: 'time-skipping';
  /** What an earlier run left. */
  readonly resumed?: Resumed;
  /** The workflow task timeout, if not the server's ten seconds. */
  readonly taskTimeout?: '1s';
  /** Each scenario is recorded in both lanes. */
  readonly lane?: Lane;
  /** New for each recording, because activities count. */
  readonly play: () => Play;
}

export const refuse = (type: Refusal) => async () => Promise.reject(ApplicationFailure.nonRetryable('No.', type));

export const fail = async () => Promise.reject(new Error('The provider is away.'));

/** Fails this many times, and then works. */
export function failing<T>(times: number, answer: T): () => Promise<T> {
  let attempts = 0;
  return async () => ((attempts += 1) <= times ? fail() : answer);
}
