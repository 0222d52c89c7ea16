import type { Tally } from '../verdict';

/** The part of an act that is a decision about a case; its fields are null if it is not one. */
export interface Decision {
  /** Chosen by the operator: the same id is the same act. */
  readonly id: string;
  readonly checkoutId: string | null;
  readonly step: string | null;
  readonly action: string | null;
  /** Whether it is about the step or its undo. */
  readonly about: string | null;
  /** How often the order had been resumed by then. */
  readonly run: number | null;
  /** How many decisions about the step the operator had seen; null from versions that did not record it. */
  readonly seen: number | null;
}

/** These settle a case, unless its run was lost afterwards, or an undo by hand did not work. */
const FINAL: ReadonlySet<string | null> = new Set(['skip', 'resolve', 'cancel']);

/** One case, one decision: a later one has seen the earlier ones, and none follows one that settled the case. */
export class DecisionJudge {
  readonly #seen = new Map<string, Decision>();
  readonly #final = new Map<string, Decision>();

  constructor(private readonly tally: Tally) {}

  take(act: Decision): void {
    const { checkoutId, step, about, run, seen } = act;
    const told = typeof seen === 'number';
    if (told) this.#once(this.#seen, `${checkoutId}/${step}/${seen}`, act);
    // An undo by hand may not work, and a warehouse may change its mind; then a later decision that has seen it is allowed.
    if (FINAL.has(act.action) && !(told && about !== 'step')) {
      this.#once(this.#final, `${checkoutId}/${step}/${about}/${run}`, act);
    }
  }

  #once(decisions: Map<string, Decision>, item: string, act: Decision): void {
    const first = decisions.get(item);
    if (first && first.id !== act.id) {
      const sentence = `${act.step} has two decisions: ${first.action} (${first.id}) and ${act.action} (${act.id})`;
      this.tally.violation('decided-twice', act.checkoutId, sentence);
    }
    decisions.set(item, act);
  }
}
