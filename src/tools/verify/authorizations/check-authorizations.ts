import { resourceIdOf } from '../../../idempotency/key';
import { checkoutIdOf } from '../money/journal-line';
import type { JournalLine } from '../money/journal-line';
import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';

/** Whose checkout it is. */
export interface Identity {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly key: string;
}

export interface AuthorizationEvidence {
  /** By provider. */
  readonly journals: Readonly<Record<string, Stream<JournalLine>>>;
  readonly checkouts: Stream<Identity>;
}

/**
 * P1: one tenant and key, which is one checkout, never has two authorizations that live and never two captures; and no key of any provider
 * came with two bodies. That the checkout's id follows from tenant and key is what makes one of the other. Journals are read first: whoever is
 * charged has a checkout by then.
 */
export async function checkAuthorizations({ journals, checkouts }: AuthorizationEvidence): Promise<Verdict> {
  const tally = new Tally();
  const payments = new PaymentJudge(tally);
  for (const [provider, lines] of Object.entries(journals)) {
    for await (const line of lines) {
      if (provider === 'payments') payments.take(line);
      if (line.outcome !== 'conflict') continue;
      const sentence = `${provider}: ${line.operation} came under one key with two bodies`;
      tally.violation('two-bodies', checkoutIdOf(line), sentence);
    }
  }
  tally.details['payments'] = { ...payments.figures };
  for await (const { checkoutId, tenant, key } of checkouts) {
    tally.checked += 1;
    payments.belongs(checkoutId);
    if (checkoutId === resourceIdOf('chk', tenant, key)) continue;
    tally.violation('underived-id', checkoutId, 'Its id does not follow from tenant and key');
  }
  payments.strangers();
  return tally;
}

/** Follows the processor's journal line by line, so that two at once are seen, also if one of them was freed later. */
class PaymentJudge {
  readonly figures = { authorized: 0, voided: 0, captured: 0 };
  readonly #live = new Map<string, number>();
  readonly #captured = new Set<string>();
  readonly #nobodys = new Set<string>();

  constructor(private readonly tally: Tally) {}

  take(line: JournalLine): void {
    const checkoutId = checkoutIdOf(line);
    const live = this.#live.get(checkoutId) ?? 0;
    switch (`${line.operation} ${line.outcome}`) {
      case 'authorize authorized':
        this.figures.authorized += 1;
        this.#live.set(checkoutId, live + 1);
        this.#nobodys.add(checkoutId);
        if (live > 0) this.tally.violation('authorized-twice', checkoutId, `It had ${live + 1} authorizations at once`);
        break;
      case 'void voided':
        this.figures.voided += 1;
        this.#live.set(checkoutId, live - 1);
        break;
      case 'capture captured':
        this.figures.captured += 1;
        if (this.#captured.has(checkoutId)) this.tally.violation('captured-twice', checkoutId, 'It was captured again');
        this.#captured.add(checkoutId);
        break;
    }
  }
  belongs(checkoutId: string): void {
    this.#nobodys.delete(checkoutId);
  }

  /** Under a key that is of no checkout the next attempt would not find it, nor an undo. */
  strangers(): void {
    for (const key of this.#nobodys) {
      this.tally.violation('nobodys', null, `Money was held for ${key}, which is no checkout`);
    }
  }
}
