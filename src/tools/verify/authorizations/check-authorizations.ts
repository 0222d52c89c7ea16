import { resourceIdOf } from '../../../idempotency/key';
import type { Choices } from '../../../ports/providers';
import { Elsewhere } from '../elsewhere';
import type { AtSandbox } from '../elsewhere';
import { checkoutIdOf } from '../money/journal-line';
import type { JournalLine } from '../money/journal-line';
import { JOURNALS } from '../sandbox-journal';
import type { Stream } from '../stream';
import { Tally } from '../verdict';
import type { Verdict } from '../verdict';

/** A checkout, and the tenant and key its id is derived from. */
export interface Identity {
  readonly checkoutId: string;
  readonly tenant: string;
  readonly key: string;
  /** Null for older orders. */
  readonly providers: Choices | null;
}

export interface AuthorizationEvidence {
  /** By provider. */
  readonly journals: Readonly<Record<string, Stream<JournalLine>>>;
  /** Undefined if there are no journals: then nothing of the kind is checked. */
  readonly atSandbox: AtSandbox | undefined;
  readonly checkouts: Stream<Identity>;
}

/**
 * P1: a tenant and key never has two live authorizations or two captures, and no provider key came with two bodies. Journals know checkouts
 * only; their ids are derived from tenant and key, which is checked too. Journals are read first: a charge has its checkout by then.
 */
export async function checkAuthorizations({ journals, atSandbox, checkouts }: AuthorizationEvidence): Promise<Verdict> {
  const tally = new Tally();
  const payments = new PaymentJudge(tally);
  for (const [provider, lines] of Object.entries(journals)) {
    for await (const line of lines) {
      if (provider === 'payments') payments.take(line);
      if (line.outcome !== 'conflict') continue;
      const sentence = `${provider}: ${line.operation} came with two bodies under one key`;
      tally.violation('two-bodies', checkoutIdOf(line), sentence);
    }
  }
  tally.details['payments'] = { ...payments.figures };
  const elsewhere = atSandbox && new Elsewhere(atSandbox);
  for await (const { checkoutId, tenant, key, providers } of checkouts) {
    tally.checked += 1;
    elsewhere?.leaveOut(JOURNALS, providers);
    payments.belongs(checkoutId);
    if (checkoutId === resourceIdOf('chk', tenant, key)) continue;
    tally.violation('underived-id', checkoutId, 'Its id is not derived from tenant and key');
  }
  payments.strangers();
  elsewhere?.report(tally);
  return tally;
}

/** Follows the processor's journal line by line, so that two authorizations at the same time are seen even if one was voided later. */
class PaymentJudge {
  readonly figures = { authorized: 0, voided: 0, captured: 0 };
  readonly #live = new Map<string, number>();
  readonly #captured = new Set<string>();
  readonly #closed = new Set<string>();
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
        if (live > 0)
          this.tally.violation(
            'authorized-twice',
            checkoutId,
            `It had ${live + 1} live authorizations at the same time`,
          );
        if (this.#closed.has(checkoutId))
          this.tally.violation('held-after-void', checkoutId, 'Money was held for it after its key was voided');
        break;
      case 'void voided':
        this.figures.voided += 1;
        this.#live.set(checkoutId, live - 1);
        this.#closed.add(checkoutId);
        break;
      // Nothing was held: the customer had not approved, the call had not arrived, or the money was taken and given back.
      case 'void closed':
      case 'void refunded':
        this.#closed.add(checkoutId);
        break;
      case 'capture captured':
        this.figures.captured += 1;
        if (this.#captured.has(checkoutId)) this.tally.violation('captured-twice', checkoutId, 'It was captured twice');
        this.#captured.add(checkoutId);
        break;
    }
  }
  belongs(checkoutId: string): void {
    this.#nobodys.delete(checkoutId);
  }

  /** Neither a retry nor an undo would find an authorization whose key belongs to no checkout. */
  strangers(): void {
    for (const key of this.#nobodys) {
      this.tally.violation('nobodys', null, `Money was authorized for ${key}, which is not a checkout`);
    }
  }
}
