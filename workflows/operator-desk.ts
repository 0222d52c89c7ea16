import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  defineUpdate,
  isCancellation,
  patched,
  setHandler,
} from '@temporalio/workflow';
import type { Unwinding } from '../src/contract/activities';
import type { OrderKey, Resumed } from '../src/contract/checkout';
import { REPAIR } from '../src/contract/repair';
import type { Raised, Repair, RepairAction } from '../src/contract/repair';
import type { AttentionKind } from '../src/domain/attention-kind';
import type { Step } from '../src/domain/steps';
import { warnOfLongHistory } from './long-history';
import { nothingToRepair, OpenCase } from './open-case';
import { raiseAttention, recordRepair } from './policies';
import type { Progress } from './progress';
import { wasUndone, whyOf } from './reason';

const repairUpdate = defineUpdate<void, [Repair]>(REPAIR);

type Undo = (why: Unwinding) => Promise<void>;

/** Tells operators what does not work by itself, and takes their `repair` updates. `openBefore` is what the last run left open. */
export class OperatorDesk {
  readonly #open = new Map<Step, OpenCase>();
  readonly #parked: { step: Step; undo: Undo; why: Unwinding }[] = [];

  constructor(
    private readonly order: OrderKey,
    private readonly progress: Progress,
    openBefore: Resumed['open'] = [],
  ) {
    // Before the handler is set: a repair may have come with the first task.
    for (const { step, kind, why } of openBefore) {
      this.#open.set(step, new OpenCase(step, kind));
      this.progress.needsAttention(step, why);
    }
    setHandler(repairUpdate, (repair: Repair) => this.#repair(repair), {
      validator: (repair: Repair) => this.#admit(repair),
    });
  }

  readonly knowsOf = (step: Step): boolean => this.#open.has(step);

  /** Runs a step that is never given up: once its budget is spent, operators are told and it is retried. Undefined if they skip it. */
  async retryUntilDecided<T>(step: Step, run: () => Promise<T>): Promise<T | undefined> {
    for (;;) {
      const decision = this.#take(step);
      if (decision === 'cancel') throw ApplicationFailure.nonRetryable('The checkout was given up.', 'Cancelled');
      if (decision === 'skip') return this.#close(step);
      try {
        const result = await this.#attempt(step, run);
        this.#close(step);
        return result;
      } catch (cause) {
        const open = this.#open.get(step);
        // An operator's decision is in Postgres before it is here, and an attempt may run in between.
        if (open && wasUndone(cause)) await condition(() => open.isDecided);
        if (open?.isDecided) continue;
        if (!isOutOfBudget(cause)) throw cause;
        await this.#raise(step, 'step', cause);
      }
    }
  }

  /** Runs an undo. One that does not succeed within its budget is parked, so that the older ones run. */
  async orPark(step: Step, undo: Undo, why: Unwinding): Promise<void> {
    try {
      this.progress.move(step, 'undoing');
      await undo(why);
      this.progress.move(step, 'undone');
    } catch (cause) {
      if (!(cause instanceof ActivityFailure)) throw cause;
      this.park(step, undo, why);
      // The undo succeeded and only its answers were lost: no operator is asked about it, so none would ever decide.
      if ((await this.#raise(step, 'undo', cause, why)) === undefined) return;
      this.#parked.pop();
      this.progress.move(step, 'undone');
    }
  }

  /** Leaves an undo to the operators, who have been told about it. */
  park(step: Step, undo: Undo, why: Unwinding): void {
    this.progress.move(step, 'undo-failed');
    this.#parked.push({ step, undo, why });
  }

  /** Resolves when every parked undo is settled: retried with success, or done by hand. */
  async settled(): Promise<void> {
    await Promise.all(this.#parked.map((parked) => this.#settle(parked)));
  }

  async #settle({ step, undo, why }: { step: Step; undo: Undo; why: Unwinding }): Promise<void> {
    for (;;) {
      await condition(() => this.#open.get(step)?.isDecided === true);
      const byHand = this.#take(step) !== 'retry';
      try {
        await this.#attempt(step, () => undo(byHand ? { ...why, byHand } : why));
        break;
      } catch (cause) {
        if (!(cause instanceof ActivityFailure)) throw cause;
        // Either it is still parked, which the operators know, or it succeeded and only its answer was lost.
        if (patched('told-again') && (await this.#tell(step, 'undo', cause, why))) break;
        if (byHand) this.#open.get(step)?.letGo();
      }
    }
    this.progress.move(step, 'undone');
    this.#close(step);
  }

  /** In a scope of its own, so that a decision ends the attempts and takes effect immediately. */
  async #attempt<T>(step: Step, run: () => Promise<T>): Promise<T> {
    const open = this.#open.get(step);
    if (open) warnOfLongHistory(this.order);
    const attempts = new CancellationScope();
    if (open) open.attempts = attempts;
    return attempts.run(run);
  }

  async #raise(step: Step, kind: AttentionKind, cause: Error, unwinding?: Unwinding): Promise<Raised> {
    // A failing undo is a new case, even if operators already have its step.
    if (this.#open.get(step)?.kind === kind) return undefined;
    const raised = await this.#tell(step, kind, cause, unwinding);
    if (raised) return raised;
    this.#open.set(step, new OpenCase(step, kind));
    this.progress.needsAttention(step, whyOf(cause));
    return undefined;
  }

  #tell(step: Step, kind: AttentionKind, cause: Error, unwinding?: Unwinding): Promise<Raised> {
    const reason = unwinding && { because: unwinding.because, sentence: unwinding.sentence };
    const why = whyOf(cause);
    return raiseAttention({ ...this.order, step, kind, why, ...(reason && { unwinding: reason }) });
  }

  /** Runs before the repair is in the history, and never on replay: a history in which two were admitted at once goes on as it began. */
  #admit(repair: Repair): void {
    const open = this.#caseFor(repair);
    open.mustBeFree(repair);
    if (open.kind === 'step' && this.progress.refusal)
      throw nothingToRepair(`The checkout is being undone, and ${repair.step} with it.`);
  }

  async #repair(repair: Repair): Promise<void> {
    const open = this.#caseFor(repair);
    open.hold(repair);
    try {
      // The handler runs in the workflow's scope, which is cancelled once the customer has cancelled.
      await CancellationScope.nonCancellable(() => recordRepair({ ...this.order, ...repair, kind: open.kind }));
    } catch (cause) {
      open.letGo();
      throw cause;
    }
    open.decide(repair.action);
  }

  /** Throws if the repair makes no sense now. */
  #caseFor(repair: Repair): OpenCase {
    const open = this.#open.get(repair.step);
    if (!open) throw nothingToRepair(`Nothing about ${repair.step} waits for an operator.`);
    const problem = open.problemWith(repair);
    if (problem) throw nothingToRepair(problem);
    return open;
  }

  #take(step: Step): RepairAction | undefined {
    return this.#open.get(step)?.take();
  }

  #close(step: Step): undefined {
    if (this.#open.delete(step) && this.#open.size === 0) this.progress.attended();
  }
}

/** Not a refusal, not a cancel, not a bug: the attempts have gone on for as long as they may without an operator. */
const isOutOfBudget = (cause: unknown): cause is ActivityFailure =>
  cause instanceof ActivityFailure && !isCancellation(cause) && cause.retryState !== 'NON_RETRYABLE_FAILURE';
