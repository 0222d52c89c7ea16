import { checkoutWorkflowId } from '../../../contract/checkout';
import type { Refusal } from '../../../domain/refusals';
import type { Stream } from '../stream';
import type { Tally } from '../verdict';
import type { AcceptedCheckout } from './accepted-checkout';

export interface Run {
  readonly workflowId: string;
  /** As Temporal spells it: `RUNNING`, `COMPLETED` … */
  readonly status: string;
  /** In milliseconds since 1970. */
  readonly startedAt: number;
}

/** What Temporal knows of checkouts. */
export interface Workflows {
  /** By its list, which is a little behind. */
  readonly listed: Stream<Run>;
  /** By the run itself; undefined where there is none. */
  readonly statusOf: (workflowId: string) => Promise<string | undefined>;
  /** The same once it is no longer `RUNNING`, or what it is at that moment. In milliseconds since 1970, by the clock of Postgres. */
  readonly statusBy: (workflowId: string, moment: number) => Promise<string | undefined>;
  /** Runs that closed before may have been dropped, or lost. In milliseconds since 1970. */
  readonly keptSince: number;
}

/** It waited so long that it was given up before anything was started. */
const NEVER_STARTED: Refusal = 'CheckoutExpired';
/** A workflow that was ended from outside undid nothing: whoever has not ended by then is stranded, until it is resumed. */
const CUT_OFF: readonly string[] = ['TERMINATED', 'TIMED_OUT'];
/** P3: the worker that would have closed it may have died, and then so much may pass after its row has ended. */
const CLOSES_WITHIN_MS = 60_000;

export interface RunBounds {
  readonly tally: Tally;
  readonly settledBefore: number;
  /** Workflow ids: somebody terminated or deleted these on purpose. Their checkouts end nevertheless. */
  readonly endedByHand: ReadonlySet<string>;
}

/** Compares one checkout after the other with its runs. */
export class RunJudge {
  readonly #runs = new Map<string, { count: number; newest: Run }>();
  /** They have ended, and their workflows had not when they were looked at. */
  readonly #open: { checkoutId: string; workflowId: string; endedAt: Date }[] = [];

  private constructor(
    private readonly workflows: Workflows,
    private readonly bounds: RunBounds,
  ) {}

  static async over(workflows: Workflows, bounds: RunBounds): Promise<RunJudge> {
    const judge = new RunJudge(workflows, bounds);
    for await (const run of workflows.listed) {
      const { count = 0, newest = run } = judge.#runs.get(run.workflowId) ?? {};
      judge.#runs.set(run.workflowId, { count: count + 1, newest: run.startedAt > newest.startedAt ? run : newest });
    }
    return judge;
  }

  async judge(checkout: AcceptedCheckout): Promise<void> {
    const { tally, settledBefore, endedByHand } = this.bounds;
    const { checkoutId, tenant, key, refusal, acceptedAt, endedAt, resumes } = checkout;
    const workflowId = checkoutWorkflowId(tenant, key);
    const { count = 0, newest } = this.#runs.get(workflowId) ?? {};
    this.#runs.delete(workflowId);
    if (count > 1 + resumes) {
      tally.violation(
        'workflow-twice',
        checkoutId,
        `${workflowId} has ${count} runs, and was resumed ${resumes} times`,
      );
    }
    if (endedAt !== null && endedByHand.has(workflowId)) return;

    const endedLongAgo = endedAt !== null && endedAt.getTime() < settledBefore;
    let status = newest?.status;
    const isCutOff = endedAt === null && CUT_OFF.includes(status ?? '');
    const isBehind = status === undefined || isCutOff || (status === 'RUNNING' && endedLongAgo);
    if (isBehind && refusal !== NEVER_STARTED) status = await this.workflows.statusOf(workflowId);

    if (status === undefined) {
      if (refusal === NEVER_STARTED || (endedAt !== null && endedAt.getTime() < this.workflows.keptSince)) return;
      // Temporal may be away: it is started when that is back.
      if (acceptedAt.getTime() >= settledBefore) return;
      tally.violation('no-workflow', checkoutId, `${workflowId} is not in Temporal`);
    } else if (CUT_OFF.includes(status) && endedAt === null && acceptedAt.getTime() < settledBefore) {
      tally.violation('workflow-cut-off', checkoutId, `${workflowId} was ended from outside: ${status}`);
    } else if (status === 'RUNNING' && endedLongAgo) {
      this.#open.push({ checkoutId, workflowId, endedAt });
    }
  }

  /** A workflow closes within a minute after its checkout has ended: what is not closed is waited for so long, and no longer. */
  async closings(): Promise<void> {
    for (const { checkoutId, workflowId, endedAt } of this.#open) {
      const status = await this.workflows.statusBy(workflowId, endedAt.getTime() + CLOSES_WITHIN_MS);
      if (status !== 'RUNNING') continue;
      const since = endedAt.toISOString();
      this.bounds.tally.violation('workflow-runs-on', checkoutId, `It ended at ${since}, and ${workflowId} has not`);
    }
  }

  /** A workflow starts after its checkout was committed: one that has none lost it. */
  strangers(): void {
    for (const workflowId of this.#runs.keys()) {
      this.bounds.tally.violation('lost', null, `${workflowId} was started, and Postgres has no such checkout`);
    }
  }
}
