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

/** P9: what released versions recorded, and the newest that a live server has, running ones included. */
export async function histories({ places, sample }: Scene): Promise<Verdict> {
  const tally = new Tally();
  const { temporal, recorded, workflowBundle, payloadKeys } = places;
  if (!existsSync(workflowBundle)) {
    tally.unchecked.push(`any history: there is no ${workflowBundle}: run npm run build`);
    return tally;
  }
  sayNothing();
  const dataConverter = replayDataConverterOf(payloadKeys);
  const worker: ReplayWorkerOptions = { workflowBundle: { codePath: workflowBundle }, dataConverter };
  if (existsSync(recorded)) {
    await checkHistories('recorded', replayHistories(worker, recordedHistories(recorded).candidates), tally);
    if (tally.checked === 0) tally.violation('no-history', null, `There is no history in ${recorded}`);
  } else {
    tally.unchecked.push(`what released versions recorded: there is no ${recorded}`);
  }
  if (temporal) {
    await withServer(temporal, { query: undefined, limit: sample }, ({ candidates }) =>
      checkHistories('server', replayHistories(worker, candidates), tally),
    );
    if (tally.details['server']?.['histories'] === sample) {
      tally.notes.push(`of the server's histories the newest ${sample} were replayed: --sample takes more`);
    }
    return tally;
  }
  return withUnseen(tally, places, ["the server's histories: nobody said where Temporal is: give --temporal"]);
}

/** What diverges comes back as a result; in the log it would stand a second time, between the lines. */
function sayNothing(): void {
  try {
    Runtime.install({
      logger: new DefaultLogger('ERROR', () => undefined),
      telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
    });
  } catch {
    // This process has one already, with a logger of its own.
  }
}
