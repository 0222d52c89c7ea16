import type { Tally } from '../verdict';

/** An event about attention, or about a step that was skipped. */
export interface DeskEvent {
  readonly checkoutId: string;
  /** As in `CheckoutEvent`. */
  readonly type: string;
  readonly step: string;
  readonly kind: string | null;
  /** False if the log no longer has the checkout's first events. */
  readonly isWhole: boolean;
}

/** Attention is raised and cleared in turn; a step is skipped once, and only if an operator decided so. */
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
    this.tally.violation(`${what}-twice`, checkoutId, `${step} (${kind}) was ${what} twice in a row`);
  }

  #skip({ checkoutId, step }: DeskEvent): void {
    const item = `${checkoutId}/${step}`;
    if (this.#skipped.has(item)) this.tally.violation('skipped-twice', checkoutId, `${step} was skipped again`);
    if (!this.decided.has(item))
      this.tally.violation('unexplained', checkoutId, `${step} was skipped, but no operator decided so`);
    this.#skipped.add(item);
  }
}
