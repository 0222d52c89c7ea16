import { setTimeout as rest } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { CHECKOUT_WORKFLOW } from '../../src/contract/checkout';
import { within } from '../../src/runtime/time-limit';
import { Ends } from '../chaos/ends';
import { aKey, aRequest } from '../support/builders';
import { idIn, RunningStack } from '../support/running-stack';
import { runProgram } from '../support/run-program';
import { startTestStack } from '../support/test-stack';
import { machine } from './measure';

const MS_IN_A_SECOND = 1_000;
/** A longer run would not show more. */
const LONGEST_RUN_MS = 9 * 60 * MS_IN_A_SECOND;
const LOOK_EVERY_MS = 500;

interface Options {
  readonly orders: number;
  readonly atOnce: number;
  readonly everySeconds: number;
}

/**
 * What the death of a worker costs an order: `npm run bench:deaths [-- --orders 500 --at-once 40 --every 5 --json]`. Places orders while
 * the only worker is killed every few seconds, until all orders and their workflows have ended. It starts and stops everything itself.
 */
async function main(interrupt: AbortSignal): Promise<number> {
  const { values } = parseArgs({
    options: {
      orders: { type: 'string', default: '500' },
      'at-once': { type: 'string', default: '40' },
      every: { type: 'string', default: '5' },
      json: { type: 'boolean', default: false },
    },
  });
  const options = {
    orders: Number(values.orders),
    atOnce: Number(values['at-once']),
    everySeconds: Number(values.every),
  };
  const own = await startTestStack(undefined, { RATE_LIMIT: '100000000', LOG_LEVEL: 'warn' }, [], true);
  const stack = new RunningStack(own.dataDir);
  try {
    const kills = await underFire(stack, options, within(LONGEST_RUN_MS, interrupt));
    const report = { machine: machine(), ...options, kills, ...(await lastedMs(stack)) };
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : linesOf(report));
    return report.unended === 0 ? 0 : 1;
  } finally {
    await stack.db.close();
    await own.stop();
  }
}

/** Places the orders, and kills the worker until everything has ended. Returns the number of kills. */
async function underFire(stack: RunningStack, { orders, atOnce, everySeconds }: Options, signal: AbortSignal) {
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  const ends = new Ends(stack.db);
  const watching = ends.watch(until);
  const killing = kill(stack, everySeconds, until);
  let left = orders;
  const customer = async () => {
    while ((left -= 1) >= 0 && !signal.aborted) {
      const placed = await stack.place(aRequest(), { key: aKey() });
      await ends.of(idIn(placed), AbortSignal.any([signal]));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, customer));
  while ((await open(stack)) > 0 && !signal.aborted) await rest(LOOK_EVERY_MS);
  over.abort();
  await watching;
  return killing;
}

async function kill(stack: RunningStack, everySeconds: number, signal: AbortSignal): Promise<number> {
  let kills = 0;
  let last: number | undefined;
  while (await rest(everySeconds * MS_IN_A_SECOND, true, { signal }).catch(() => false)) {
    const { worker } = stack.file.pids;
    // The worker has not restarted yet.
    if (worker === undefined || worker === last) continue;
    process.kill(worker, 'SIGKILL');
    last = worker;
    kills += 1;
  }
  return kills;
}

async function temporal<T>(stack: RunningStack, work: (workflow: Client['workflow']) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: stack.file.temporal });
  return work(new Client({ connection }).workflow).finally(() => connection.close());
}

const open = (stack: RunningStack): Promise<number> =>
  temporal(stack, async (workflow) => (await workflow.count(`ExecutionStatus = 'Running'`)).count);

/** How long all orders took: from acceptance to the end of the row, and from start to close of the workflow. */
async function lastedMs(stack: RunningStack) {
  const { rows } = await stack.db.query<{ ms: number | null }>(
    `select (extract(epoch from ended_at - accepted_at) * 1000)::float8 as ms from checkouts`,
  );
  const orders = rows.flatMap(({ ms }) => ms ?? []);
  const workflows = await temporal(stack, async (workflow) => {
    const found: number[] = [];
    for await (const { startTime, closeTime } of workflow.list({ query: `WorkflowType = '${CHECKOUT_WORKFLOW}'` })) {
      if (closeTime) found.push(closeTime.getTime() - startTime.getTime());
    }
    return found;
  });
  return {
    unended: rows.length - Math.min(orders.length, workflows.length),
    order: spread(orders),
    workflow: spread(workflows),
  };
}

function spread(lasted: readonly number[]) {
  const sorted = lasted.map(Math.round).sort((one, other) => one - other);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99), longestMs: at(1) };
}

function linesOf({
  orders,
  kills,
  unended,
  ...lasted
}: Options & { kills: number; unended: number } & Awaited<ReturnType<typeof lastedMs>>) {
  const line = (name: 'order' | 'workflow') => {
    const { p50Ms, p99Ms, longestMs } = lasted[name];
    return `${name.padEnd(8)}  p50 ${seconds(p50Ms)}  p99 ${seconds(p99Ms)}  longest ${seconds(longestMs)}\n`;
  };
  return `${orders} orders, ${kills} kills, ${unended} not ended\n${line('order')}${line('workflow')}`;
}

const seconds = (ms: number): string => `${(ms / MS_IN_A_SECOND).toFixed(1)} s`;

runProgram(main);
