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

/** No API, worker or relay is started: they would change what is to be examined. */
const NO_API = 'http://127.0.0.1:9';

/** `npm run chaos:look -- <directory>`: the stores of a run that went wrong, as it left them, until Ctrl-C. */
async function main(interrupt: AbortSignal): Promise<number> {
  const [dataDir = ''] = new Command('chaos:look')
    .description('Start the stores of a failed run again, to examine them.')
    .argument('<directory>', 'the directory that the run kept')
    .exitOverride()
    .parse(process.argv.slice(2), { from: 'user' }).args;
  if (!existsSync(path.join(dataDir, 'report.json')) && !existsSync(path.join(dataDir, 'stack.json'))) {
    process.stderr.write(`${dataDir} is not a directory that a failed run has kept\n`);
    return EXIT.wrongUsage;
  }

  // Not the kept directory: the switch removes its own when we are killed.
  const orphans = deadMansSwitch(mkdtempSync(path.join(os.tmpdir(), 'durable-checkout-look-')));
  const parts = new Parts({ dataDir, orphans });
  try {
    const { place: _, ...stores } = await startStores({ parts, dataDir, ports: new FreePorts() });
    const addresses = { ...stores, redis: `${stores.redis}/1`, api: NO_API, sandboxSecret: '', codec: null };
    writeStackFile(dataDir, { ...addresses, pids: parts.pids() });
    process.stdout.write(
      [
        `Postgres  psql '${stores.postgres}'`,
        `Temporal  ${stores.temporal}, Web UI ${stores.temporalUi}`,
        `Verify    npx durable-checkout verify --settle 0 --data-dir '${dataDir}' --only P1,P2,P3,P4,P5,P6,P7`,
        'Ctrl-C stops them and keeps the directory.',
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
