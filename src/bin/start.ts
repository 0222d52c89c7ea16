import { randomBytes } from 'node:crypto';
import { migrate } from '../postgres/migrate';
import { seedSandboxCatalog } from '../postgres/seed-sandbox-catalog';
import { readConfig } from '../runtime/config';
import { parsePayloadKeys } from '../payloads/payload-keys';
import { prepareTemporal } from '../runtime/prepare-temporal';
import { announcement } from '../local/stack/announcement';
import { explainFailure } from '../local/stack/explain-failure';
import { runStack } from '../local/stack/run-stack';
import { stackSettings, withoutPostgresSettings } from '../local/stack/stack-settings';
import { startArguments } from '../local/stack/start-arguments';
import { stopSignals } from '../local/stack/stop-signals';

const WRONG_USAGE = 2;

async function main(): Promise<void> {
  const args = startArguments(process.argv.slice(2));
  if (typeof args === 'string') {
    console.error(args);
    process.exit(WRONG_USAGE);
  }
  const { fresh, json, oneProcess } = args;
  const config = readConfig();
  // A sentence now, before three parts die of it.
  parsePayloadKeys(config.PAYLOAD_KEYS);
  // Of the embedded Postgres this process is a client as well.
  if (config.DATABASE_URL === '') process.env = withoutPostgresSettings(process.env);
  const fromEnvironment = stackSettings(config, process.env);
  const settings = { ...fromEnvironment, oneProcess: oneProcess ?? fromEnvironment.oneProcess };
  // With --json standard output is for the machine, so what a person may want to know goes beside it.
  const say = json ? console.error : console.log;
  // Somebody may look at the first lines only (`| head`): no reason to stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

  await runStack(settings, {
    fresh,
    say,
    onReady: (stack) => {
      const orderKey = `order-${randomBytes(4).toString('hex')}`;
      console.log(json ? JSON.stringify(stack) : announcement(stack, settings, orderKey));
    },
    prepare: {
      database: async (url) => {
        await migrate(url);
        await seedSandboxCatalog(url);
      },
      ownTemporal: (address) => prepareTemporal(address, config.TEMPORAL_NAMESPACE),
    },
    ...stopSignals(),
  });
  say('Stopped.');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(explainFailure(error));
    process.exit(1);
  },
);
