import type { Tally } from '../verdict';

/** What an act has of a decision about a case; all of it null where it is none. */
export interface Decision {
  /** The operator's own: the same one is the same act. */
  readonly id: string;
  readonly checkoutId: string | null;
  readonly step: string | null;
  readonly action: string | null;
  /** Whether it is about the step or its undo. */
  readonly about: string | null;
  /** How often the order had been resumed by then. */
  readonly run: number | null;
  /** How many decisions about the step had been made when it was asked for; null of versions that did not tell. */
  readonly seen: number | null;
}

/** After these nothing is left to decide, unless the run that knew of it was lost, or what was done by hand did not work. */
const FINAL: ReadonlySet<string | null> = new Set(['skip', 'resolve', 'cancel']);

/** One case, one decision: the next one knows of it, and none comes after one that settled the case. */
export class DecisionJudge {
  readonly #seen = new Map<string, Decision>();
  readonly #final = new Map<string, Decision>();

  constructor(private readonly tally: Tally) {}

  take(act: Decision): void {
    const { checkoutId, step, about, run, seen } = act;
    const told = typeof seen === 'number';
    if (told) this.#once(this.#seen, `${checkoutId}/${step}/${seen}`, act);
    // An undo by hand may not work, and is then decided upon anew, by whoever knows of it.
    if (FINAL.has(act.action) && !(told && about === 'undo')) {
      this.#once(this.#final, `${checkoutId}/${step}/${about}/${run}`, act);
    }
  }

  #once(decisions: Map<string, Decision>, item: string, act: Decision): void {
    const first = decisions.get(item);
    if (first && first.id !== act.id) {
      const sentence = `${act.step} was to ${first.action} (${first.id}) and to ${act.action} (${act.id})`;
      this.tally.violation('decided-twice', act.checkoutId, sentence);
    }
    decisions.set(item, act);
  }
}
