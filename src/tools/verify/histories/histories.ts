import { existsSync } from 'node:fs';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { ReplayWorkerOptions } from '@temporalio/worker';
import { recordedHistories } from '../../replay/recorded-histories';
import { replayHistories } from '../../replay/replay-histories';
import { withServer } from '../../replay/with-server';
import { replayDataConverterOf } from '../../../payloads/data-converter';
import type { Scene } from '../scene';
import { Tally, withUnseen } from '../verdict';
import type { Verdict } from '../verdict';
import { checkHistories } from './check-histories';

/** P9: the recorded histories of released versions, and the newest of a live server, running workflows included. */
export async function histories({ connections, sample }: Scene): Promise<Verdict> {
  const tally = new Tally();
  const { temporal, recorded, workflowBundle, payloadKeys } = connections;
  if (!existsSync(workflowBundle)) {
    tally.unchecked.push(`any history: ${workflowBundle} is missing: run \`npm run build\``);
    return tally;
  }
  silenceRuntime();
  const dataConverter = replayDataConverterOf(payloadKeys);
  const worker: ReplayWorkerOptions = { workflowBundle: { codePath: workflowBundle }, dataConverter };
  if (existsSync(recorded)) {
    await checkHistories('recorded', replayHistories(worker, recordedHistories(recorded).candidates), tally);
    if (tally.checked === 0) tally.violation('no-history', null, `There are no histories in ${recorded}`);
  } else {
    tally.unchecked.push(`the histories of released versions: ${recorded} is missing`);
  }
  if (temporal) {
    await withServer(temporal, { query: undefined, limit: sample }, ({ candidates }) =>
      checkHistories('server', replayHistories(worker, candidates), tally),
    );
    if (tally.details['server']?.['histories'] === sample) {
      tally.notes.push(`the newest ${sample} of the server's histories were replayed; for more, give --sample`);
    }
    return tally;
  }
  return withUnseen(tally, connections, ["the server's histories: Temporal was not named: give --temporal"]);
}

/** A divergence is returned as a result; the runtime would also log it between the printed lines. */
function silenceRuntime(): void {
  try {
    Runtime.install({
      logger: new DefaultLogger('ERROR', () => undefined),
      telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
    });
  } catch {
    // This process already has a runtime with its own logger.
  }
}
