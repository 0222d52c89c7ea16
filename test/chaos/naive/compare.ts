import { CONTESTANTS, idOf } from './contestants';
import type { At, Contestant } from './contestants';
import { endsOf } from './effects';
import type { Ends } from './effects';
import { failing } from './failing';
import type { Stage } from './stage';

/** The share of each step's calls that fail. */
export const RATES = [0.02, 0.2] as const;
/** Orders under way at the same time: enough to keep two cores busy, too few to time out. */
const OPEN = 20;

export interface Result extends Ends {
  readonly system: string;
  readonly rate: number;
  readonly orders: number;
}

export interface Course {
  readonly orders: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Called after every order. */
  readonly onOrder: (what: string) => void;
}

/** Has each contestant in turn carry out the same orders while the same share of calls fails. */
export async function compare(stage: Stage, course: Course): Promise<Result[]> {
  const results: Result[] = [];
  for (const rate of RATES) {
    for (const contestant of CONTESTANTS) results.push(await carryOut(stage, { contestant, rate }, course));
  }
  return results;
}

async function carryOut(
  { db, sandbox, providers, client, withWorker }: Stage,
  { contestant, rate }: { contestant: Contestant; rate: number },
  { orders, seed, signal, onOrder }: Course,
): Promise<Result> {
  const { name: system, worker, rows } = contestant;
  const taskQueue = `${system} ${rate}`;
  const keys = Array.from({ length: orders }, (_, number) => `${taskQueue.replace(/[^a-z0-9]+/g, '-')}-${number}`);
  const left = [...keys];
  const at: At = { db, client, taskQueue };
  const customer = async () => {
    for (let key = left.pop(); key !== undefined; key = left.pop()) {
      signal.throwIfAborted();
      // The journals tell what became of it.
      await contestant.order(at, key).catch(() => undefined);
      onOrder(`${system}, ${rate * 100}% of the calls fail`);
    }
  };
  const options = { ...worker(db, providers), interceptors: { activity: [failing({ seed, rate })] } };
  await withWorker(taskQueue, options, () => Promise.all(Array.from({ length: OPEN }, customer)));
  return { system, rate, orders, ...(await endsOf(keys.map(idOf), { db, sandbox, rows })) };
}
