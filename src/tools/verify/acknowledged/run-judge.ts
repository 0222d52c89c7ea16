import { checkoutWorkflowId } from '../../../contract/checkout';
import type { Refusal } from '../../../domain/refusals';
import type { Stream } from '../stream';
import type { Tally } from '../verdict';
import type { AcceptedCheckout } from './accepted-checkout';

export interface Run {
  readonly workflowId: string;
  /** As Temporal spells it: `RUNNING`, `COMPLETED` … */
  readonly status: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** What Temporal knows about checkouts. */
export interface Workflows {
  /** From its list, which lags a little. */
  readonly listed: Stream<Run>;
  /** From the run itself; undefined if there is none. */
  readonly statusOf: (workflowId: string) => Promise<string | undefined>;
  /** The same, once it is no longer `RUNNING` or that moment has come. Milliseconds since 1970, by the clock of Postgres. */
  readonly statusBy: (workflowId: string, moment: number) => Promise<string | undefined>;
  /** Runs that closed before this may have been dropped or lost. Milliseconds since 1970. */
  readonly keptSince: number;
}

/** It waited too long, and was refused before a workflow was started. */
const NEVER_STARTED: Refusal = 'CheckoutExpired';
/** A workflow that was ended from outside undid nothing: a checkout that had not ended is stranded until it is resumed. */
const CUT_OFF: readonly string[] = ['TERMINATED', 'TIMED_OUT'];
/** P3: if the worker that would have closed it died, the workflow may close this long after its row has ended. */
const CLOSES_WITHIN_MS = 60_000;

export interface RunBounds {
  readonly tally: Tally;
  readonly settledBefore: number;
  /** Ids of workflows terminated or deleted on purpose. Their checkouts end nevertheless. */
  readonly endedByHand: ReadonlySet<string>;
}

/** Compares each checkout with its runs. */
export class RunJudge {
  readonly #runs = new Map<string, { count: number; newest: Run }>();
  /** Checkouts that have ended, whose workflows had not when they were checked. */
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
        `${workflowId} has ${count} runs, but was resumed ${resumes} times`,
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
      // Temporal may be down: the workflow is started once it is back.
      if (acceptedAt.getTime() >= settledBefore) return;
      tally.violation('no-workflow', checkoutId, `${workflowId} is not in Temporal`);
    } else if (CUT_OFF.includes(status) && endedAt === null && acceptedAt.getTime() < settledBefore) {
      tally.violation('workflow-cut-off', checkoutId, `${workflowId} was ended from outside: ${status}`);
    } else if (status === 'RUNNING' && endedLongAgo) {
      this.#open.push({ checkoutId, workflowId, endedAt });
    }
  }

  /** A workflow closes within a minute after its checkout has ended; open ones are waited for until then. */
  async closings(): Promise<void> {
    for (const { checkoutId, workflowId, endedAt } of this.#open) {
      const status = await this.workflows.statusBy(workflowId, endedAt.getTime() + CLOSES_WITHIN_MS);
      if (status !== 'RUNNING') continue;
      const since = endedAt.toISOString();
      this.bounds.tally.violation('workflow-runs-on', checkoutId, `It ended at ${since}, but ${workflowId} has not`);
    }
  }

  /** A workflow starts after its checkout is committed: a workflow without one means that the checkout was lost. */
  strangers(): void {
    for (const workflowId of this.#runs.keys()) {
      this.bounds.tally.violation('lost', null, `${workflowId} was started, but Postgres has no such checkout`);
    }
  }
}
