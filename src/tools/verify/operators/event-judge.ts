import type { Tally } from '../verdict';

/** An event about what operators are asked, or decided. */
export interface DeskEvent {
  readonly checkoutId: string;
  /** As in `CheckoutEvent`. */
  readonly type: string;
  readonly step: string;
  readonly kind: string | null;
  /** False where the log no longer has the checkout's first events. */
  readonly isWhole: boolean;
}

/** Raised and cleared take turns, and a step is skipped once and because an operator said so. */
export class EventJudge {
  readonly #open = new Map<string, boolean>();
  readonly #skipped = new Set<string>();

  constructor(
    private readonly tally: Tally,
    private readonly decided: ReadonlySet<string>,
  ) {}

  take(event: DeskEvent): void {
    if (event.type === 'attention.raised') this.#turn(event, true);
    else if (event.type === 'attention.cleared') this.#turn(event, false);
    else this.#skip(event);
  }

  #turn({ checkoutId, step, kind, isWhole }: DeskEvent, raised: boolean): void {
    const item = `${checkoutId}/${step}/${kind}`;
    const before = this.#open.get(item);
    this.#open.set(item, raised);
    if (before === undefined ? raised || !isWhole : before !== raised) return;
    const what = raised ? 'raised' : 'cleared';
    this.tally.violation(`${what}-twice`, checkoutId, `${step} (${kind}) was ${what} where it had been already`);
  }

  #skip({ checkoutId, step }: DeskEvent): void {
    const item = `${checkoutId}/${step}`;
    if (this.#skipped.has(item)) this.tally.violation('skipped-twice', checkoutId, `${step} was skipped again`);
    if (!this.decided.has(item))
      this.tally.violation('unexplained', checkoutId, `${step} was skipped, and nobody said so`);
    this.#skipped.add(item);
  }
}
