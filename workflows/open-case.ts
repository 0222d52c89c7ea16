import { ApplicationFailure } from '@temporalio/workflow';
import type { CancellationScope } from '@temporalio/workflow';
import { ALREADY_DECIDED, NOTHING_TO_REPAIR, decidedBefore } from '../src/contract/repair';
import type { EarlierDecision, Repair, RepairAction } from '../src/contract/repair';
import type { AttentionKind } from '../src/domain/attention-kind';
import { SKIPPABLE } from '../src/domain/steps';
import type { Step } from '../src/domain/steps';

const ALLOWED: Record<AttentionKind, readonly RepairAction[]> = {
  step: ['retry', 'skip', 'cancel'],
  undo: ['retry', 'skip', 'resolve'],
};

/** Something that waits for one operator's decision. It belongs to whoever decides first, until the workflow has acted on the decision. */
export class OpenCase {
  attempts: CancellationScope | undefined;
  #holder: (EarlierDecision & { readonly id: string }) | undefined;
  #decision: RepairAction | undefined;

  constructor(
    private readonly step: Step,
    readonly kind: AttentionKind,
  ) {}

  get isDecided(): boolean {
    return this.#decision !== undefined;
  }

  /** What is wrong with a repair, whoever else has decided, and what the operator can do instead. */
  problemWith({ action, reason }: Repair): string | undefined {
    const allowed = ALLOWED[this.kind].filter((each) => each !== 'skip' || SKIPPABLE.includes(this.step));
    if (!allowed.includes(action))
      return `${this.step} (${this.kind}) can be settled with ${allowed.join(', ')}, not with ${action}.`;
    return reason.trim() === '' ? 'A repair needs a reason.' : undefined;
  }

  /** Throws if somebody else holds it. */
  mustBeFree({ id }: Repair): void {
    if (!this.#holder || this.#holder.id === id) return;
    const { operator, action, at } = this.#holder;
    const first: EarlierDecision = { operator, action, at };
    throw ApplicationFailure.create({
      type: ALREADY_DECIDED,
      message: decidedBefore(this.step, first),
      details: [first],
      nonRetryable: true,
    });
  }

  /** Call this before anything is awaited. */
  hold({ id, operator, action }: Repair): void {
    this.#holder = { id, operator, action, at: new Date().toISOString() };
  }

  /** The decision failed or did not help: the next operator may decide otherwise. */
  letGo(): void {
    this.#holder = undefined;
  }

  decide(action: RepairAction): void {
    this.#decision = action;
    this.attempts?.cancel();
  }

  /** The decision, for the code that acts on it. A retry is over once it has begun; any other decision is meant to be the last. */
  take(): RepairAction | undefined {
    const decision = this.#decision;
    this.#decision = undefined;
    if (decision === 'retry') this.letGo();
    return decision;
  }
}

export const nothingToRepair = (sentence: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(sentence, NOTHING_TO_REPAIR);
