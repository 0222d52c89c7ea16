import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Planted } from './planted';

/** Between `pending` and its decision. */
const DECIDES_AFTER_MS = 500;
/** As long as a slow database takes: other calls come in between. */
const WORK_MS = 60;

type Body = Readonly<Record<string, unknown>>;
export type Answer = Body & { readonly outcome: string };

export interface Caller {
  /** It has hung up. */
  gone(): boolean;
  /** Where it called. */
  readonly origin: string;
}

export class Refused extends Error {
  constructor(readonly status: number) {
    super(`Refused with ${status}`);
  }
}

/** What is known of a key. */
interface KeyRecord {
  body?: string;
  /** Set as soon as the call is under way. */
  acting?: Promise<Answer>;
  undone: boolean;
  /** What is held once the customer has approved at the page, or the time has come. */
  undecided?: { readonly page?: string; readonly sum: Body };
  captured?: Answer;
  refunds: Map<string, { readonly amount: number; readonly answer: Answer }>;
}

const newRecord = (): KeyRecord => ({ undone: false, refunds: new Map() });

/** A payment processor that keeps everything right, but for one thing. In memory. */
export class Vendor {
  readonly #records = new Map<string, KeyRecord>();

  constructor(private readonly fault?: Planted) {}

  /** The customer approves at this page. */
  approve(page: string): void {
    for (const record of this.#records.values()) {
      if (record.undecided?.page !== page) continue;
      if (!record.undone || this.#is('takes late approvals')) this.#hold(record, record.undecided.sum);
      if (!this.#is('holds each approval')) delete record.undecided;
    }
  }

  perform(verb: string, key: string, body: Body, caller: Caller): Promise<Answer> | Answer {
    switch (verb) {
      case 'authorize':
        return this.#authorize(key, body, caller);
      case 'find':
        return this.#find(key, caller);
      case 'void':
        return this.#void(key);
      case 'capture':
        return this.#capture(key, body);
      case 'refund':
        return this.#refund(key, body);
      default:
        throw new Refused(404);
    }
  }

  async #authorize(key: string, body: Body, caller: Caller): Promise<Answer> {
    const record = this.#record(key);
    const { acting } = record;
    if (this.#is('looks before it locks')) await pause(WORK_MS);
    if (record.undone) return { outcome: 'blocked' };
    const same = record.body === undefined || record.body === JSON.stringify(body);
    const again = this.#is('forgets its keys') || (!same && this.#is('acts on another body'));
    if (acting && !again) return same ? this.#answered(record, body, caller) : this.#reused(await acting, body);

    record.body ??= JSON.stringify(body);
    record.acting = this.#act(body, record, caller);
    const answer = await record.acting;
    if (caller.gone() && this.#is('acts twice after a lost answer')) this.#records.delete(key);
    return record.undone ? { outcome: 'blocked' } : answer;
  }

  async #answered(record: KeyRecord, body: Body, caller: Caller): Promise<Answer> {
    const answer = await record.acting;
    if (record.undone) return { outcome: 'blocked' };
    if (answer?.outcome === 'declined' && this.#is('authorizes at the second try')) {
      record.acting = this.#act({ ...body, token: 'tok_visa' }, record, caller);
      return record.acting;
    }
    return answer as Answer;
  }

  #reused(first: Answer, body: Body): Answer {
    if (this.#is('is away for another body')) throw new Refused(503);
    if (!this.#is('repeats what it is told')) throw new Refused(409);
    return { ...first, amount: body.amount };
  }

  async #act({ amount, currency, token }: Body, record: KeyRecord, { origin }: Caller): Promise<Answer> {
    if (!this.#is('undo overtakes the call')) await pause(WORK_MS);
    else await pause(WORK_MS).then(() => (record.undone = false));
    if (token === 'tok_declined') return { outcome: 'declined', reason: 'card-declined' };
    const sum = { amount, currency };
    if (token === 'tok_3ds') {
      record.undecided = { page: randomUUID(), sum };
      return {
        outcome: 'customer-action',
        url: `${origin}/${record.undecided.page}`,
        expiresAt: '2099-01-01T00:00:00Z',
      };
    }
    if (token === 'tok_pending') {
      record.undecided = { sum };
      void pause(DECIDES_AFTER_MS).then(() => {
        if (!record.undone || this.#is('decides what was undone')) this.#hold(record, sum);
      });
      return { outcome: 'pending' };
    }
    return this.#authorized(sum);
  }

  #authorized(sum: Body): Answer {
    const reference = this.#is('knows one reference') ? 'auth_1' : `auth_${randomUUID()}`;
    return { outcome: 'authorized', reference, ...sum };
  }

  #hold(record: KeyRecord, sum: Body): void {
    record.undone = false;
    record.acting = Promise.resolve(this.#authorized(sum));
  }

  async #find(key: string, caller: Caller): Promise<Answer> {
    const record = this.#records.get(key);
    if (this.#is('find acts') && !record) return this.#authorize(key, { amount: 1_200, currency: 'USD' }, caller);
    if (!record || this.#is('find knows nothing')) return { outcome: 'unseen' };
    if (record.undone && !this.#is('find forgets the undo')) return { outcome: 'blocked' };
    if (record.undecided?.page !== undefined && this.#is('loses sight of the asked')) return { outcome: 'unseen' };
    return (await record.acting) ?? { outcome: 'unseen' };
  }

  async #void(key: string): Promise<Answer> {
    const record = this.#record(key);
    if (record.captured && this.#is('keeps what it captured'))
      return { outcome: 'rejected', reason: 'already-captured' };
    if (record.undecided && this.#is('overlooks the undecided')) return { outcome: 'closed' };
    if (record.undone && this.#is('undoes only once')) throw new Refused(409);
    if (!record.acting && this.#is('forgets undos of nothing')) return { outcome: 'closed' };
    if (this.#is('undoes everything')) for (const each of this.#records.values()) each.undone = true;
    record.undone = true;
    if (this.#is('acts after undo') && record.acting) {
      await record.acting;
      this.#records.delete(key);
    }
    if (record.captured) return { ...record.captured, outcome: 'refunded' };
    return { outcome: record.acting ? 'voided' : 'closed' };
  }

  async #capture(key: string, { amount, currency }: Body): Promise<Answer> {
    const record = this.#record(key);
    const answer = await record.acting;
    const unasked = record.undecided?.page !== undefined && this.#is('charges without approval');
    const held = unasked ? this.#authorized({ amount, currency }) : answer;
    const rejected = (reason: string): Answer => ({ outcome: 'rejected', reason });
    if (held?.outcome !== 'authorized') return rejected('nothing-held');
    if (record.undone && !this.#is('captures what was freed')) return rejected('freed');
    if (held.amount !== amount && !this.#is('captures any amount')) return rejected('amount-differs');
    if (!this.#is('captures twice') && record.captured) return record.captured;
    record.captured = { outcome: 'captured', reference: `cap_${randomUUID()}`, amount, currency };
    return record.captured;
  }

  #refund(key: string, { refund, amount, currency }: Body): Answer {
    const { captured, refunds, undone } = this.#record(key);
    if (!captured) return { outcome: 'rejected', reason: 'nothing-captured' };
    if (undone && !this.#is('frees what it captured')) return { outcome: 'rejected', reason: 'given-back' };
    const id = this.#is('refunds each call') ? randomUUID() : String(refund);
    const before = refunds.get(id);
    if (before) return before.answer;
    const given = [...refunds.values()].reduce((sum, one) => sum + one.amount, 0);
    const asked = Number(amount);
    if (given + asked > Number(captured.amount) && !this.#is('refunds too much'))
      return { outcome: 'rejected', reason: 'more-than-captured' };
    const answer = { outcome: 'refunded', reference: `ref_${randomUUID()}`, amount, currency };
    refunds.set(id, { amount: asked, answer });
    return answer;
  }

  #is(fault: Planted): boolean {
    return this.fault === fault;
  }

  #record(key: string): KeyRecord {
    const known = this.#records.get(key) ?? newRecord();
    this.#records.set(key, known);
    return known;
  }
}
