import { fork } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { machine } from '../bench/measure';
import { RunningStack } from '../support/running-stack';
import { startTestStack } from '../support/test-stack';
import { heldBy, notFreed } from './held';
import type { Held } from './held';
import type { AttackOptions } from './options';
import { placeOrders } from './other-tenant';
import { runAttacker } from './run-attacker';

export interface Latency {
  readonly orders: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly longestMs: number;
}

/** The object of `--json`. */
export interface Report {
  readonly ok: boolean;
  /** Why not, one sentence each. */
  readonly failures: readonly string[];
  readonly machine: string;
  readonly without: Latency;
  /** While the attacker only places its orders here, and attacks a server that does nothing. */
  readonly elsewhere: Latency;
  readonly beside: Latency;
  /** The p95 with the attacks over the p95 while they go elsewhere: what they cost, apart from the orders and the sending. */
  readonly ratio: number;
  /** The p95 with the attacks over the p95 without the attacker. */
  readonly ratioToQuiet: number;
  /** How often each attack was tried. */
  readonly tries: Readonly<Record<string, number>>;
  readonly before: Held;
  readonly most: Held;
  readonly after: Held;
  /** What the API logged while it was attacked, in bytes. */
  readonly logBytes: number;
}

const MOST_TIMES_AS_LONG = 2;
const WARM_UP_SECONDS = 5;
/** So often that every attack is tried before anything is measured. */
const WARM_UP_EVERY_MS = 1_000;
/** The API cuts off late requests after ten seconds, and our own clients' idle connections sooner. */
const FREED_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 1_000;
const SETTINGS = { WEBHOOK_PRIVATE_ADDRESSES: 'allow' };

/** Measures the orders of one tenant: in turn without attacks, while another tenant attacks a server that does nothing, and the service. */
export async function besideAttacks(
  { seconds, rounds, every, together }: AttackOptions,
  say: (sentence: string) => void,
  interrupt: AbortSignal,
): Promise<Report> {
  say('Starting the stack');
  const own = await startTestStack(undefined, SETTINGS, [], true);
  const stack = new RunningStack(own.dataDir);
  const { api } = stack.file;
  const deaf = fork(path.join(__dirname, 'deaf-server.ts'), { execArgv: ['--import', 'tsx'] });
  const [elsewhereUrl] = (await once(deaf, 'message')) as [string];
  const attacker = await runAttacker(api, 'sk_sandbox_acme');
  const logBytes = () => statSync(path.join(own.dataDir, 'logs', 'api.log')).size;
  const everyMs = every * 1_000;
  try {
    say('Warming up: running everything once');
    await attacker.beside({ attacked: api, everyMs: WARM_UP_EVERY_MS }, () => placeOrders(stack, WARM_UP_SECONDS));
    const before = await settled(stack, await heldBy(stack));
    const [without, elsewhere, beside]: [number[], number[], number[]] = [[], [], []];
    const tries: Record<string, number> = {};
    let [most, logged] = [before, 0];
    for (let round = 1; round <= rounds && !interrupt.aborted; round += 1) {
      say(
        `Round ${round} of ${rounds}: ${seconds} s without the attacks, as long with them elsewhere, as long with them here`,
      );
      const orders = () => placeOrders(stack, seconds);
      without.push(...(await orders()));
      elsewhere.push(...(await attacker.beside({ attacked: elsewhereUrl, everyMs, together }, orders)).result);
      const logBefore = logBytes();
      const watch = setInterval(
        () =>
          void heldBy(stack).then(
            (held) => (most = mostOf(most, held)),
            () => undefined,
          ),
        LOOK_EVERY_MS,
      );
      const { result, tried } = await attacker
        .beside({ attacked: api, everyMs, together }, orders)
        .finally(() => clearInterval(watch));
      beside.push(...result);
      logged += logBytes() - logBefore;
      for (const [name, times] of Object.entries(tried)) tries[name] = (tries[name] ?? 0) + times;
    }
    say('Waiting until everything is released');
    const after = await settled(stack, before);
    const [quiet, sent, loud] = [latencyOf(without), latencyOf(elsewhere), latencyOf(beside)];
    const ratio = loud.p95Ms / sent.p95Ms;
    const ratioToQuiet = loud.p95Ms / quiet.p95Ms;
    const failures = [
      ...(interrupt.aborted ? ['It was interrupted'] : []),
      ...(ratioToQuiet <= MOST_TIMES_AS_LONG
        ? []
        : [`The other tenant's p95 is ${ratioToQuiet.toFixed(2)} times as long with the attacks`]),
      ...notFreed(before, after).map((what) => `${what} not released after ${FREED_WITHIN_MS / 1_000} s`),
    ];
    const figures = {
      without: quiet,
      elsewhere: sent,
      beside: loud,
      ratio,
      ratioToQuiet,
      tries,
      before,
      most,
      after,
      logBytes: logged,
    };
    return { ok: failures.length === 0, failures, machine: machine(), ...figures };
  } finally {
    deaf.kill('SIGKILL');
    attacker.stop();
    await stack.db.close();
    await own.stop();
  }
}

/** What is held once it is no more than `wanted`, or after the longest wait. */
async function settled(stack: RunningStack, wanted: Held): Promise<Held> {
  const until = performance.now() + FREED_WITHIN_MS;
  for (;;) {
    await rest(LOOK_EVERY_MS);
    const held = await heldBy(stack);
    if (notFreed(wanted, held).length === 0 || performance.now() > until) return held;
  }
}

const mostOf = (one: Held, other: Held): Held => ({
  sockets: Math.max(one.sockets, other.sockets),
  seats: Math.max(one.seats, other.seats),
  apiMb: Math.max(one.apiMb, other.apiMb),
  relayMb: Math.max(one.relayMb, other.relayMb),
});

function latencyOf(times: readonly number[]): Latency {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? NaN) * 10) / 10;
  return { orders: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), longestMs: at(1) };
}
