import { checkoutWorkflowId } from '../../contract/checkout';
import type { Refusal } from '../../domain/refusals';
import type { Stream } from '../stream';
import type { Tally } from '../verdict';
import type { AcceptedCheckout } from './accepted-checkout';

export interface Run {
  readonly workflowId: string;
  /** As Temporal spells it: `RUNNING`, `COMPLETED` … */
  readonly status: string;
}

/** What Temporal knows of checkouts. */
export interface Workflows {
  /** By its list, which is a little behind. */
  readonly listed: Stream<Run>;
  /** By the run itself; undefined where there is none. */
  readonly statusOf: (workflowId: string) => Promise<string | undefined>;
  /** Runs that closed before may have been dropped. In milliseconds since 1970. */
  readonly keptSince: number;
}

/** It waited so long that it was given up before anything was started. */
const NEVER_STARTED: Refusal = 'CheckoutExpired';
/** A workflow that was ended from outside undid nothing. */
const CUT_OFF: readonly string[] = ['TERMINATED', 'TIMED_OUT'];

/** Compares one checkout after the other with its runs. */
export class RunJudge {
  readonly #statuses = new Map<string, string[]>();

  private constructor(
    private readonly workflows: Workflows,
    private readonly bounds: { readonly tally: Tally; readonly settledBefore: number },
  ) {}

  static async over(workflows: Workflows, bounds: { tally: Tally; settledBefore: number }): Promise<RunJudge> {
    const judge = new RunJudge(workflows, bounds);
    for await (const { workflowId, status } of workflows.listed) {
      judge.#statuses.set(workflowId, [...(judge.#statuses.get(workflowId) ?? []), status]);
    }
    return judge;
  }

  async judge(checkout: AcceptedCheckout): Promise<void> {
    const { tally, settledBefore } = this.bounds;
    const { checkoutId, tenant, key, refusal, acceptedAt, endedAt } = checkout;
    const workflowId = checkoutWorkflowId(tenant, key);
    const listed = this.#statuses.get(workflowId) ?? [];
    this.#statuses.delete(workflowId);
    if (listed.length > 1) tally.violation('workflow-twice', checkoutId, `${workflowId} has ${listed.length} runs`);

    const endedLongAgo = endedAt !== null && endedAt.getTime() < settledBefore;
    let status = listed[0];
    const isBehind = status === undefined || (status === 'RUNNING' && endedLongAgo);
    if (isBehind && refusal !== NEVER_STARTED) status = await this.workflows.statusOf(workflowId);

    if (status === undefined) {
      if (refusal === NEVER_STARTED || (endedAt !== null && endedAt.getTime() < this.workflows.keptSince)) return;
      // Temporal may be away: it is started when that is back.
      if (acceptedAt.getTime() >= settledBefore) return;
      tally.violation('no-workflow', checkoutId, `${workflowId} is not in Temporal`);
    } else if (CUT_OFF.includes(status)) {
      tally.violation('workflow-cut-off', checkoutId, `${workflowId} was ended from outside: ${status}`);
    } else if (status === 'RUNNING' && endedLongAgo) {
      tally.violation('workflow-runs-on', checkoutId, `It has ended, and ${workflowId} has not`);
    }
  }

  /** A workflow starts after its checkout was committed: one that has none lost it. */
  strangers(): void {
    for (const workflowId of this.#statuses.keys()) {
      this.bounds.tally.violation('lost', null, `${workflowId} was started, and Postgres has no such checkout`);
    }
  }
}
