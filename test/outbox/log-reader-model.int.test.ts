import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AnnouncedOutOfTurn } from '../../src/outbox/append';
import { pollLog } from '../../src/outbox/log/log-poll';
import { LogWalk, placeNow } from '../support/log-walk';
import { outboxWorld } from '../support/outbox-world';
import type { OutboxWorld } from '../support/outbox-world';

/** fast-check prints the seed on a failure, with the shrunk commands. */
const SEEDS = [20261124, 7, 424242];
const RUNS_OF_A_SEED = 110;
const MOST_COMMANDS = 40;
/** Few, so that transactions meet. */
const ORDERS = 2;

type Open = Awaited<ReturnType<OutboxWorld['openTransaction']>> & { order?: number; appended: number };

let world: OutboxWorld;
beforeAll(async () => (world = await outboxWorld()));
afterAll(() => world.close());

/** Several writers and one reader, and what the reader must have read at the end. */
class Interleaving {
  readonly committed: string[] = [];
  readonly lengths = Array<number>(ORDERS).fill(0);
  #open: Open[] = [];

  private constructor(
    private readonly orders: readonly string[],
    readonly walk: LogWalk,
    private seen: string,
  ) {}

  static async begin(): Promise<Interleaving> {
    const orders = await Promise.all(Array.from({ length: ORDERS }, () => world.newCheckout()));
    const from = await placeNow(world.db);
    return new Interleaving(orders, new LogWalk(world.db, { from }), from.snapshot);
  }

  /** Opens a transaction; if `written`, it has written before it takes a lock, and so may be too old to append. */
  async open(written: boolean): Promise<void> {
    const transaction = await world.openTransaction();
    if (written) await transaction.tx.query('select pg_current_xact_id()');
    this.#open.push({ ...transaction, appended: 0 });
  }

  async append(which: number, order: number): Promise<void> {
    const transaction = this.#open[which % this.#open.length];
    const checkoutId = this.orders[transaction?.order ?? order];
    if (!transaction || checkoutId === undefined) return;
    if (transaction.order === undefined) {
      // Otherwise it would wait for the other transaction, and so would this test.
      if (this.#open.some((each) => each.order === order)) return;
      await transaction.lock(checkoutId);
      transaction.order = order;
    }
    try {
      await transaction.append(checkoutId);
      transaction.appended += 1;
    } catch (error) {
      if (!(error instanceof AnnouncedOutOfTurn)) throw error;
      await this.end(which, 'rollback');
    }
  }

  async end(which: number, how: 'commit' | 'rollback'): Promise<void> {
    const [transaction] = this.#open.splice(which % Math.max(this.#open.length, 1), 1);
    if (!transaction) return;
    await transaction.end(how);
    const { order, appended } = transaction;
    if (how === 'rollback' || order === undefined) return;
    for (let time = 0; time < appended; time += 1) {
      const sequence = (this.lengths[order] ?? 0) + 1;
      this.lengths[order] = sequence;
      this.committed.push(`${this.orders[order]}/${sequence}`);
    }
  }

  async read(limit: number, dies: boolean): Promise<void> {
    for (const name of await this.walk.read(limit, { dies })) expect(this.committed).toContain(name);
  }

  /** A poll that is not `heard` leaves a gap. */
  async poll(heard: boolean): Promise<void> {
    const poll = await pollLog(world.db, this.seen);
    this.seen = poll.snapshot;
    if (heard) this.walk.take(poll);
  }

  async finish(): Promise<void> {
    while (this.#open.length > 0) await this.end(0, this.#open.length % 2 === 0 ? 'rollback' : 'commit');
    for (let nothing = 0; nothing < 2;) nothing = (await this.walk.read(2)).length === 0 ? nothing + 1 : 0;
  }

  firstsOf = (order: number): string[] => this.walk.firsts.filter((name) => name.startsWith(`${this.orders[order]}/`));

  inOrder = (order: number): string[] =>
    Array.from({ length: this.lengths[order] ?? 0 }, (_, at) => `${this.orders[order]}/${at + 1}`);
}

class Command implements fc.AsyncCommand<object, Interleaving> {
  constructor(
    private readonly name: string,
    private readonly act: (real: Interleaving) => Promise<void>,
  ) {}
  check = (): boolean => true;
  run = (_model: object, real: Interleaving): Promise<void> => this.act(real);
  toString = (): string => this.name;
}

const which = fc.nat({ max: 3 });
const order = fc.nat({ max: ORDERS - 1 });
const append = fc
  .tuple(which, order)
  .map(([at, of]) => new Command(`append ${at} to ${of}`, (real) => real.append(at, of)));
const read = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.boolean())
  .map(([limit, dies]) => new Command(`read ${limit}${dies ? ', die' : ''}`, (real) => real.read(limit, dies)));
const open = fc
  .boolean()
  .map((written) => new Command(`open${written ? ', write' : ''}`, (real) => real.open(written)));
const commit = which.map((at) => new Command(`commit ${at}`, (real) => real.end(at, 'commit')));
const rollback = which.map((at) => new Command(`rollback ${at}`, (real) => real.end(at, 'rollback')));
const poll = fc
  .integer({ min: 0, max: 4 })
  .map((luck) => new Command(`poll${luck === 0 ? ', lost' : ''}`, (real) => real.poll(luck > 0)));
const crash = fc.constant(new Command('crash', async (real) => real.walk.crash()));
const commands = [open, open, append, append, append, append, commit, commit, rollback, read, read, poll, poll, crash];

test.each(SEEDS)(
  "in any interleaving, every committed event is read, and each order's from 1 on without a gap, seed %d",
  async (seed) => {
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: MOST_COMMANDS, size: 'max' }), async (steps) => {
        const real = await Interleaving.begin();

        try {
          await fc.asyncModelRun(() => ({ model: {}, real }), steps);
        } finally {
          await real.finish();
        }

        expect([...real.walk.firsts].sort()).toEqual([...real.committed].sort());
        for (let each = 0; each < ORDERS; each += 1) expect(real.firstsOf(each)).toEqual(real.inOrder(each));
      }),
      { seed, numRuns: RUNS_OF_A_SEED, endOnFailure: false },
    );
  },
  300_000,
);
