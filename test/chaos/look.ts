import { existsSync, mkdtempSync } from 'node:fs';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { EXIT } from '../../src/tools/terminal/exit-codes';
import { FreePorts } from '../../src/local/stack/free-ports';
import { writeStackFile } from '../../src/local/stack/stack-file';
import { deadMansSwitch } from '../support/dead-mans-switch';
import { runProgram } from '../support/run-program';
import { Parts } from './parts';
import { startStores } from './stores';

/** What an API, a worker and a relay would change is what somebody wants to look at: none of them is started. */
const NO_API = 'http://127.0.0.1:9';

/** `npm run chaos:look -- <directory>`: the stores of a run that went wrong, as it left them, until Ctrl-C. */
async function main(interrupt: AbortSignal): Promise<number> {
  const [dataDir = ''] = new Command('chaos:look')
    .description('Start the stores of a kept run again, to look at them.')
    .argument('<directory>', 'that the run kept')
    .exitOverride()
    .parse(process.argv.slice(2), { from: 'user' }).args;
  if (!existsSync(path.join(dataDir, 'report.json')) && !existsSync(path.join(dataDir, 'stack.json'))) {
    process.stderr.write(`${dataDir} is not the directory of a run that was kept\n`);
    return EXIT.wrongUsage;
  }

  // Of its own: it removes its directory when we are killed.
  const orphans = deadMansSwitch(mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-look-')));
  const parts = new Parts({ dataDir, orphans });
  try {
    const { place: _, ...stores } = await startStores({ parts, dataDir, ports: new FreePorts() });
    const addresses = { ...stores, redis: `${stores.redis}/1`, api: NO_API, codec: null };
    writeStackFile(dataDir, { ...addresses, pids: parts.pids() });
    process.stdout.write(
      [
        `Postgres  psql '${stores.postgres}'`,
        `Temporal  ${stores.temporal}, Web UI ${stores.temporalUi}`,
        `Verify    npx durable-checkout verify --settle 0 --data-dir '${dataDir}' --only P1,P2,P3,P4,P5,P6,P7`,
        'Ctrl-C ends it; the directory stays.',
        '',
      ].join('\n'),
    );
    if (!interrupt.aborted) await once(interrupt, 'abort');
    return EXIT.asPromised;
  } finally {
    await parts.stop();
    orphans.disarm();
  }
}

runProgram(main);
