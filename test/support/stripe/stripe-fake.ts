import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { AccountBook } from './account-book';
import { refused } from './api-error';
import { FakeClock } from './clock';
import { ENDPOINTS } from './endpoints';
import { Faults } from './faults';
import type { Fault } from './faults';
import { IdempotencyKeys } from './idempotency-keys';
import { newId } from './ids';
import { ledgerOf } from './ledger';
import type { Ledger } from './ledger';
import { newIntent } from './new-intent';
import { addPages } from './page';
import { Payment } from './payment';
import { serve } from './serve';
import type { Call } from './endpoints';
import type { Desk, ForEvents, ServedRequest } from './serve';
import type { EventType, PaymentIntent } from './shapes';
import { Webhooks } from './webhooks';
import type { WebhookEndpoint } from './webhooks';

const API_VERSION = '2026-10-28.endive';
const PLATFORM = 'acct_platform';

export interface FakeSettings {
  /** `sk_test_fake` if left out. */
  readonly secretKey?: string;
  /** Connected accounts, which a call names in `Stripe-Account`. */
  readonly connected?: readonly string[];
}

/** A Stripe on loopback that knows PaymentIntents, and refuses what it does not know. */
export class StripeFake {
  readonly clock = new FakeClock();
  readonly webhooks = new Webhooks();
  /** Every request that reached an endpoint, in order. */
  readonly served: ServedRequest[] = [];
  readonly secretKey: string;
  readonly #faults = new Faults();
  readonly #books: ReadonlyMap<string, AccountBook>;
  /** Clients keep their connections. */
  readonly #app = fastify({ forceCloseConnections: true });
  #origin = '';

  private constructor({ secretKey = 'sk_test_fake', connected = [] }: FakeSettings) {
    this.secretKey = secretKey;
    this.#books = new Map([PLATFORM, ...connected].map((id) => [id, new AccountBook(id, this.clock)]));
    const desk: Desk = {
      secretKeys: [secretKey],
      platform: PLATFORM,
      books: this.#books,
      keys: new IdempotencyKeys(this.clock),
      faults: this.#faults,
      served: this.served,
      newPayment:
        (book, request) =>
        (...wanted) =>
          this.#newPayment(book, request, ...wanted),
    };
    this.#app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
      done(null, body),
    );
    for (const endpoint of ENDPOINTS)
      this.#app.route({
        method: endpoint.method,
        url: endpoint.path,
        handler: (request, reply) => serve(desk, endpoint, request, reply),
      });
    addPages(this.#app, (id) => this.#payments().find(({ intent }) => intent.id === id));
    this.#app.setNotFoundHandler(({ method, url }, reply) =>
      reply.code(404).send({ error: refused(`Unrecognized request URL (${method}: ${url.split('?', 1)[0]}).`).fields }),
    );
  }

  static async start(settings: FakeSettings = {}): Promise<StripeFake> {
    const fake = new StripeFake(settings);
    await fake.#app.listen({ host: '127.0.0.1', port: 0 });
    fake.#origin = `http://127.0.0.1:${fake.port}`;
    return fake;
  }

  get port(): number {
    return (this.#app.server.address() as AddressInfo).port;
  }

  get url(): string {
    return this.#origin;
  }

  fail(fault: Fault): void {
    this.#faults.add(fault);
  }

  heal(): void {
    this.#faults.clear();
  }

  receive(endpoint: WebhookEndpoint): void {
    this.webhooks.add(endpoint);
  }

  /** Moves the fake's clock: keys are forgotten after 24 h, holds end after 7 days. */
  advance(ms: number): void {
    this.clock.advance(ms);
    for (const payment of this.#payments()) payment.expire();
  }

  /** The intents with this metadata; all of them without. */
  intents(metadata: Readonly<Record<string, string>> = {}): PaymentIntent[] {
    return this.#withMetadata(metadata).map(({ intent }) => structuredClone(intent));
  }

  /** The money of the intents with this metadata. */
  ledger(metadata: Readonly<Record<string, string>> = {}): Ledger {
    return ledgerOf(this.#withMetadata(metadata));
  }

  /** What the customer presses on the bank's page; false when it is no longer waiting. */
  answerBank(intent: string, verdict: 'approve' | 'decline'): boolean {
    const payment = this.#payment(intent);
    return payment.authentication !== undefined && payment.authenticate(payment.authentication.id, verdict);
  }

  /** Ends `processing`. */
  decide(intent: string, verdict: 'approve' | 'decline'): void {
    this.#payment(intent).decide(verdict);
  }

  /** Lets a refund fail after it succeeded. */
  failRefund(id: string): void {
    if (![...this.#books.values()].some((book) => book.failRefund(id))) throw new Error(`The fake has no refund ${id}`);
  }

  async close(): Promise<void> {
    await this.webhooks.settled();
    await this.#app.close();
  }

  #payments(): Payment[] {
    return [...this.#books.values()].flatMap(({ payments }) => [...payments.values()]);
  }

  #payment(id: string): Payment {
    const found = this.#payments().find(({ intent }) => intent.id === id);
    if (found === undefined) throw new Error(`The fake has no payment ${id}`);
    return found;
  }

  #withMetadata(metadata: Readonly<Record<string, string>>): Payment[] {
    return this.#payments().filter(({ intent }) =>
      Object.entries(metadata).every(([key, value]) => intent.metadata[key] === value),
    );
  }

  #newPayment(book: AccountBook, request: ForEvents, ...[wanted, method]: Parameters<Call['newPayment']>): Payment {
    const payment = new Payment(newIntent({ ...wanted, created: this.clock.now() }), {
      clock: this.clock,
      announce: (type, intent) => this.#announce(book.id, request, type, intent),
      pageOf: (intent, authentication) => `${this.#origin}/authenticate/${intent}/${authentication}/`,
    });
    if (method !== undefined) payment.attach(method);
    book.payments.set(payment.intent.id, payment);
    this.#announce(book.id, request, 'payment_intent.created', payment.intent);
    return payment;
  }

  #announce(account: string, { id, key }: ForEvents, type: EventType, intent: PaymentIntent): void {
    this.webhooks.happened({
      id: newId('evt'),
      object: 'event',
      ...(account === PLATFORM ? {} : { account }),
      api_version: API_VERSION,
      created: this.clock.now(),
      data: { object: structuredClone(intent) },
      livemode: false,
      pending_webhooks: 1,
      request: { id, idempotency_key: key ?? null },
      type,
    });
  }
}
