import { setTimeout as rest } from 'node:timers/promises';
import { within } from '../../src/runtime/time-limit';
import { countLine } from '../support/count-line';
import { eventually } from '../support/eventually';
import { RunningStack } from '../support/running-stack';
import { startTestStack } from '../support/test-stack';
import { SteadyLoad } from '../soak/load';
import { endsOf, failedCalls } from './figures';
import type { Ends } from './figures';
import { STEP_OF } from './options';
import type { OutageOptions } from './options';

/** The object of `--json`. */
export interface Report extends Required<Omit<OutageOptions, 'json'>> {
  readonly ok: boolean;
  /** Why not, one sentence each. */
  readonly failures: readonly string[];
  /** Calls that reached the provider while it was away, for each ten seconds. */
  readonly calls: readonly number[];
  /** Attempts that failed, by what was wrong; `breaker-open` ones were not made. */
  readonly attempts: Readonly<Record<string, number>>;
  readonly ends: Ends;
}

/** Before the outage everything is warm, and after it new orders find a provider that is back. */
const CALM_MS = 15_000;
const TENTH_MS = 10_000;
const MS_IN_A_SECOND = 1_000;
/** A breaker's last opening ends at most 36 s after the outage; everything ends within a minute of that. */
const ENDS_WITHIN_MS = 120_000;
/** Once they are open: five probes each half minute, by worker and relay, and what was under way. */
const CALLS_WHILE_OPEN = 12;
const SETTINGS = { RATE_LIMIT: '100000000', LOG_LEVEL: 'warn' };

export async function outage(
  { provider, seconds, rate }: OutageOptions,
  say: (sentence: string) => void,
  interrupt: AbortSignal,
): Promise<Report> {
  say('Starting the stack');
  const own = await startTestStack(undefined, SETTINGS, [], true);
  const stack = new RunningStack(own.dataDir);
  try {
    say(`${rate} orders a second; ${provider} goes away for ${seconds} s`);
    const loadEnds = new AbortController();
    const load = new SteadyLoad(stack, rate);
    const running = load.run(AbortSignal.any([interrupt, loadEnds.signal]));
    await rest(CALM_MS, undefined, { signal: interrupt });
    const calls = await away(stack, { provider, seconds }, interrupt);
    const back = await moment(stack);
    await rest(CALM_MS, undefined, { signal: interrupt });
    loadEnds.abort();
    await running;
    say('Waiting for the last order to end');
    await ended(stack, within(ENDS_WITHIN_MS, interrupt));
    const ends = await endsOf(stack.db, STEP_OF[provider], back);
    const failures = [
      ...[...new Set(load.failures)].map((failure) => `An order was not accepted: ${failure}`),
      ...(ends.unended > 0 ? [`${ends.unended} orders have not ended`] : []),
      ...(ends.refused > 0 ? [`${ends.refused} orders were refused`] : []),
      // The first ten seconds are for noticing it.
      ...calls.slice(1).flatMap((count, at) => (count > CALLS_WHILE_OPEN ? [`${count} calls in part ${at + 2}`] : [])),
    ];
    const attempts = await failedCalls(stack.db);
    return { ok: failures.length === 0, failures, provider, seconds, rate, calls, attempts, ends };
  } finally {
    await stack.db.close();
    await own.stop();
  }
}

/** Takes the provider away and brings it back. Returns how many calls reached it meanwhile, for each ten seconds. */
async function away(
  { file }: RunningStack,
  { provider, seconds }: Pick<OutageOptions, 'provider' | 'seconds'>,
  signal: AbortSignal,
): Promise<number[]> {
  const faults = `${file.sandbox}/faults`;
  const body = JSON.stringify({ rules: [{ provider, kind: 'fail-before' }] });
  await fetch(faults, { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
  const line = countLine(seconds);
  const parts: number[] = [];
  let before = 0;
  for (let passed = 0; passed < seconds; passed += TENTH_MS / MS_IN_A_SECOND) {
    line.show(passed, 's away');
    await rest(Math.min(TENTH_MS, (seconds - passed) * MS_IN_A_SECOND), undefined, { signal });
    const { rules } = (await (await fetch(faults)).json()) as { rules: { fired: number }[] };
    const fired = rules[0]?.fired ?? 0;
    parts.push(fired - before);
    before = fired;
  }
  line.end();
  await fetch(faults, { method: 'DELETE' });
  return parts;
}

async function moment({ db }: RunningStack): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>(`select now()`);
  return rows[0]?.now as Date;
}

/** Gives up in the end: the report then says how many have not. */
const ended = ({ db }: RunningStack, signal: AbortSignal): Promise<unknown> =>
  eventually(async () => {
    const { rowCount } = await db.query(`select from checkouts where ended_at is null limit 1`);
    return rowCount === 0 || signal.aborted ? true : undefined;
  });
