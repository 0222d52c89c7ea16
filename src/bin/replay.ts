import path from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { run } from '../tools/replay/run';
import { serverAddress } from '../tools/replay/server-address';
import { withServer } from '../tools/replay/with-server';
import { readConfig } from '../runtime/config';
import { replayDataConverterOf } from '../payloads/data-converter';
import { keptPayloadKeys } from '../local/stack/stack-secrets';

const FAILED = 1;
/** The work is done by then; a replayer that hangs would keep the process alive for ever. */
const LINGER_MS = 1_000;

// `npm run replay … | head -1`: the reader has gone, so there is nobody left to tell.
process.stdout.on('error', () => process.exit(FAILED));

function main(): Promise<number> {
  const config = readConfig();
  // Errors come back as results. The log would print them a second time, between our lines.
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  return run(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    worker: {
      workflowBundle: { codePath: path.resolve(__dirname, '../../workflow-bundle.js') },
      dataConverter: replayDataConverterOf(config.PAYLOAD_KEYS || keptPayloadKeys(config.DATA_DIR)),
    },
    withServer: (options, work) => {
      const address = serverAddress(config.TEMPORAL_ADDRESS, config.DATA_DIR);
      return withServer({ address, namespace: config.TEMPORAL_NAMESPACE }, options, work);
    },
  });
}

main()
  .then(
    (code) => void (process.exitCode = code),
    (bug: unknown) => {
      process.exitCode = FAILED;
      console.error(bug);
    },
  )
  .finally(() => setTimeout(() => process.exit(), LINGER_MS).unref());
