import { setTimeout as rest } from 'node:timers/promises';
import type { CheckoutActivities } from '../../src/contract/activities';
import type { OrderKey } from '../../src/contract/checkout';
import { LostWorkflow } from '../support/lost-workflow';
import { recordRetry } from '../support/retried-tests';
import { SagaHarness } from '../support/saga-harness';
import type { Lane, SagaHandle, StartSaga } from '../support/saga-harness';
import { scriptedActivities } from '../support/scripted-activities';
import type { Script } from '../support/scripted-activities';

/** If no case of a server ends for this long, those that have not ended are lost. */
const LOST_AFTER_MS = 90_000;

/** Starts the workflow of an order whose activities follow the script. */
export type StartScripted = (order: OrderKey, script: Script) => Promise<SagaHandle>;

/** A time-skipping server with one worker, on which any number of cases run at the same time. */
interface CaseServer {
  readonly start: StartScripted;
  readonly connection: SagaHarness['connection'];
  casesEnded: number;
  close(): Promise<void>;
}

async function openServer(lane: Lane, real: CheckoutActivities): Promise<CaseServer> {
  const harness = await SagaHarness.start(lane);
  const { activities, setScript } = scriptedActivities(real);
  let stopWorker = () => undefined as void;
  const stopped = new Promise<void>((resolve) => (stopWorker = resolve));
  let worker: Promise<void> = Promise.resolve();
  const start = await new Promise<StartSaga>((resolve, reject) => {
    worker = harness.runMany(activities, (startSaga) => {
      resolve(startSaga);
      return stopped;
    });
    worker.catch(reject);
  });
  return {
    start: (order, script) => {
      setScript(order, script);
      return start(order);
    },
    connection: harness.connection,
    casesEnded: 0,
    close: async () => {
      stopWorker();
      await worker;
      await harness.stop();
    },
  };
}

export interface CaseRunner {
  /** Runs one case. If the server loses its workflow, the case is retried once on a second server. */
  run<Outcome extends object>(title: string, runCase: (start: StartScripted) => Promise<Outcome>): Promise<Outcome>;
  close(): Promise<void>;
}

/** Runs the cases of one lane with these activities, all on one server. */
export async function openCaseRunner(lane: Lane, real: CheckoutActivities): Promise<CaseRunner> {
  const first = await openServer(lane, real);
  let second: Promise<CaseServer> | undefined;
  return {
    run: async (title, runCase) => {
      const outcome = await runUnlessLost(first, title, runCase);
      if (outcome) return outcome;
      second ??= openServer(lane, real);
      return runCase((await second).start);
    },
    close: async () => {
      await first.close();
      await (await second)?.close();
    },
  };
}

/** Returns undefined if the server lost the workflow; the case is then stopped, so that it does not run next to its retry. */
async function runUnlessLost<Outcome extends object>(
  server: CaseServer,
  title: string,
  runCase: (start: StartScripted) => Promise<Outcome>,
): Promise<Outcome | undefined> {
  const stop = new AbortController();
  let handle: SagaHandle | undefined;
  const running = server.connection.withAbortSignal(stop.signal, () =>
    runCase(async (order, script) => (handle = await server.start(order, script))),
  );
  const outcome = await waitUnlessLost(server, running);
  if (outcome) {
    server.casesEnded += 1;
    return outcome;
  }
  recordRetry(title, handle ? (await LostWorkflow.of(handle)).message : 'its workflow did not start in time');
  running.catch(() => undefined);
  stop.abort();
  return undefined;
}

/** On a slow machine all cases are slow: while others end, this one is not lost. */
async function waitUnlessLost<Outcome extends object>(
  server: CaseServer,
  running: Promise<Outcome>,
): Promise<Outcome | undefined> {
  let endedBefore: number;
  do {
    endedBefore = server.casesEnded;
    const outcome = await Promise.race([running, rest(LOST_AFTER_MS, undefined, { ref: false })]);
    if (outcome) return outcome;
  } while (server.casesEnded !== endedBefore);
  return undefined;
}
