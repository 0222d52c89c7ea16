import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import fc from 'fast-check';
import type { LightMyRequestResponse } from 'fastify';
import { buildApp } from '../../api/app';
import { renderOutcome } from '../../api/idempotency/outcome';
import { checkoutsIn } from '../../src/checkouts/checkouts';
import { forgetAnswers } from '../../src/checkouts/forget-answers';
import { sweepUnstarted } from '../../src/checkouts/sweep-unstarted';
import { WorkflowStarter } from '../../src/checkouts/workflow-starter';
import type { Workflows } from '../../src/checkouts/workflows';
import { checkoutWorkflowId } from '../../src/contract/checkout';
import { resourceIdOf } from '../../src/idempotency/key';
import { apiWorld, Clock, place } from '../support/api-world';
import type { ApiWorld } from '../support/api-world';
import { aKey, aRequest } from '../support/builders';
import { cacheOver } from '../support/cache-over';
import { letTimePass } from '../support/let-time-pass';
import { ReferenceModel } from './reference-model';
import type { Expected } from './reference-model';

let world: ApiWorld;
const nowhere = new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
beforeAll(async () => {
  world = await apiWorld();
  await restart();
});
afterAll(async () => {
  await app.close();
  await nowhere.connection.close();
  await world.close();
});

/** fast-check prints the seed on a failure, with the shrunk commands. Together they make a thousand runs. */
const SEEDS = [20261124, 7, 1009, 424242];
const RUNS_OF_A_SEED = 250;
const TENANTS = ['acme', 'globex'];
const BODIES = [aRequest(), aRequest({ items: [{ sku: 'TEE-BLACK', quantity: 1 }] })];
/** Long enough that a checkout is placed while Temporal is down, gets old, and is swept when Temporal is back. */
const MOST_COMMANDS = 24;
const DEAD_TEMPORAL_MS = 20;

/** The API of the current run. Building one costs as much as ten commands, so runs share it. */
let app: ApiWorld['app'];
let current: Real;
async function restart(): Promise<void> {
  await (app as ApiWorld['app'] | undefined)?.close();
  const checkouts = checkoutsIn(world.db, {
    starter: { startSoon: (checkout) => current.starter.startSoon(checkout), cancelSoon: () => undefined },
    watch: world.watch,
    renderOutcome,
  });
  const cache = cacheOver(world.redis, world.db, () => current.clock.now());
  app = await buildApp({ ...world.options, checkouts, cache, now: () => current.clock.now() });
}

/** The real system, which runs the same commands as the model. */
class Real {
  readonly prefix = aKey();
  readonly clock = new Clock();
  readonly acceptedAt = new Map<string, number>();
  readonly bytes = new Map<string, string>();
  temporalUp = true;
  readonly workflows: Workflows = {
    call: (work) =>
      this.temporalUp ? work(world.client) : nowhere.withDeadline(Date.now() + DEAD_TEMPORAL_MS, () => work(nowhere)),
    startOptions: {},
  };
  readonly starter = new WorkflowStarter(this.workflows, () => undefined);
  place(tenant: string, key: number, body: number): Promise<LightMyRequestResponse> {
    return place(app, { key: `${this.prefix}-${key}`, body: BODIES[body], apiKey: `sk_sandbox_${tenant}` });
  }

  /** The same name gets the same bytes, for as long as there are answers. */
  check(name: string, response: LightMyRequestResponse, { status, replayed, code }: Expected): void {
    expect(response.statusCode).toBe(status);
    expect(response.headers['idempotent-replayed'] === 'true').toBe(replayed);
    if (code !== undefined) expect(response.json()).toMatchObject({ code });
    if (status !== 202) return;
    expect(response.body).toBe(this.bytes.get(name) ?? response.body);
    this.bytes.set(name, response.body);
    if (!replayed) this.acceptedAt.set(response.json<{ id: string }>().id, this.clock.now());
  }

  advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    return letTimePass(world.db, ms, this.prefix);
  }

  /** What is too young to sweep or too old to start follows the model's time: a slow machine adds none. */
  async sweep(): Promise<void> {
    for (const [id, at] of this.acceptedAt) {
      const ageMs = this.clock.now() - at;
      await world.db.query(`update checkouts set accepted_at = now() - $2 * interval '1 ms' where id = $1`, [
        id,
        ageMs,
      ]);
    }
    await sweepUnstarted(world.db, this.workflows).catch(() => undefined);
  }

  async workflowExists(tenant: string, key: number): Promise<boolean> {
    const handle = world.client.workflow.getHandle(checkoutWorkflowId(tenant, `${this.prefix}-${key}`));
    return handle.describe().then(
      () => true,
      () => false,
    );
  }
}

type Step = (model: ReferenceModel, real: Real) => Promise<void>;
class Command implements fc.AsyncCommand<ReferenceModel, Real> {
  constructor(
    private readonly name: string,
    readonly run: Step,
  ) {}
  check = (): boolean => true;
  toString = (): string => this.name;
}

const tenant = fc.constantFrom(...TENANTS);
const key = fc.nat({ max: 2 });
const body = fc.nat({ max: BODIES.length - 1 });
const plain = (name: string, run: Step) => fc.constant(new Command(name, run));

const commands = [
  fc.tuple(tenant, key, body).map(
    ([t, k, b]) =>
      new Command(`place ${t} ${k} body ${b}`, async (model, real) => {
        const expected = model.place(`${t}/${k}`, b);
        real.check(`${t}/${k}`, await real.place(t, k, b), expected);
        await real.starter.idle();
      }),
  ),
  fc.tuple(tenant, key, body, fc.integer({ min: 2, max: 5 })).map(
    ([t, k, b, n]) =>
      new Command(`${n} at once ${t} ${k} body ${b}`, async (model, real) => {
        const answers = await Promise.all(Array.from({ length: n }, () => real.place(t, k, b)));
        const expected = Array.from({ length: n }, () => model.place(`${t}/${k}`, b));
        // Which of them is first may vary; that exactly one is first may not.
        const replays = (one: { replayed: boolean }) => Number(one.replayed);
        const sorted = answers.sort(
          (x, y) =>
            Number(x.headers['idempotent-replayed'] === 'true') - Number(y.headers['idempotent-replayed'] === 'true'),
        );
        expected
          .sort((x, y) => replays(x) - replays(y))
          .forEach((e, at) => real.check(`${t}/${k}`, sorted[at] as LightMyRequestResponse, e));
        await real.starter.idle();
      }),
  ),
  plain('flush Redis', async () => void (await world.flushRedis())),
  fc.constantFrom(1_000, 60_000, 16 * 60_000, 31 * 86_400_000).map(
    (ms) =>
      new Command(`advance ${ms} ms`, async (model, real) => {
        model.now += ms;
        await real.advance(ms);
      }),
  ),
  fc.boolean().map(
    (up) =>
      new Command(up ? 'start Temporal' : 'stop Temporal', async (model, real) => {
        model.temporalUp = up;
        real.temporalUp = up;
      }),
  ),
  plain('sweep', async (model, real) => {
    model.sweep();
    await real.sweep();
  }),
  plain('forget', async () => void (await forgetAnswers(world.db))),
  fc.tuple(tenant, key).map(
    ([t, k]) =>
      new Command(`complete ${t} ${k}`, async (model, real) => {
        if (!model.complete(`${t}/${k}`)) return;
        // Seven real steps would take a second; what counts here is that and when the checkout ended.
        await world.db.query(
          `update checkouts set state = 'completed', started_at = now(), ended_at = now() where id = $1`,
          [resourceIdOf('chk', t, `${real.prefix}-${k}`)],
        );
      }),
  ),
];

/** A restart costs as much as ten other commands, and one in a run is enough. */
const weighted = [...commands, ...commands, plain('restart the API', restart)];

test.each(SEEDS)(
  'any interleaving gets the answers of the reference model, seed %d',
  async (seed) => {
    await fc.assert(
      fc.asyncProperty(fc.commands(weighted, { maxCommands: MOST_COMMANDS, size: 'max' }), async (steps) => {
        const model = new ReferenceModel();
        const real = new Real();
        current = real;
        await fc.asyncModelRun(() => ({ model, real }), steps);

        for (const t of TENANTS) {
          for (const k of [0, 1, 2]) {
            const fate = model.known.get(`${t}/${k}`)?.fate;
            if (fate === undefined) continue;
            expect([fate, await real.workflowExists(t, k)]).toEqual([fate, fate === 'started' || fate === 'completed']);
          }
        }
        const { rowCount } = await world.db.query(`select from checkouts where idempotency_key like $1`, [
          `${real.prefix}%`,
        ]);
        expect(rowCount).toBe(model.known.size);
        // Later runs must not meet what this one left unstarted.
        await world.db.query(`update checkouts set started_at = now() where started_at is null`);
      }),
      { seed, numRuns: RUNS_OF_A_SEED, endOnFailure: false },
    );
  },
  300_000,
);
