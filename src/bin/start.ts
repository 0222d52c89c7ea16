import path from 'node:path';
import { parseArgs } from 'node:util';
import { migrate } from '../postgres/migrate';
import { seedSandboxCatalog } from '../postgres/seed-sandbox-catalog';
import { readConfig } from '../runtime/config';
import { announcement } from '../stack/announcement';
import { explainFailure } from '../stack/explain-failure';
import { packageRoot } from '../stack/package-root';
import { runStack } from '../stack/run-stack';
import { stopSignals } from '../stack/stop-signals';

const WRONG_USAGE = 2;

async function main(): Promise<void> {
  const { fresh, json } = readArguments();
  const config = readConfig();
  const settings = {
    host: config.HOST,
    port: config.PORT,
    sandboxPort: config.SANDBOX_PORT,
    dataDir: path.resolve(config.DATA_DIR),
    cacheDir: path.resolve(packageRoot(), config.CACHE_DIR),
    databaseUrl: config.DATABASE_URL,
    temporalAddress: config.TEMPORAL_ADDRESS,
    temporalUi: config.TEMPORAL_UI_URL,
    temporalNamespace: config.TEMPORAL_NAMESPACE,
    redisUrl: config.REDIS_URL,
    env: { ...process.env, TEMPORAL_CLI: config.TEMPORAL_CLI, VALKEY_SERVER: config.VALKEY_SERVER },
  };
  // With --json standard output is for the machine, so what a person may want to know goes beside it.
  const say = json ? console.error : console.log;
  // Somebody may look at the first lines only (`| head`): no reason to stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

  await runStack(settings, {
    fresh,
    say,
    onReady: (stack) => {
      const orderKey = `order-${Date.now().toString(36)}`;
      console.log(json ? JSON.stringify(stack) : announcement(stack, settings, orderKey));
    },
    prepareDatabase: async (url) => {
      await migrate(url);
      await seedSandboxCatalog(url);
    },
    ...stopSignals(),
  });
  say('Stopped.');
}

function readArguments(): { fresh: boolean; json: boolean } {
  try {
    const { values } = parseArgs({ options: { fresh: { type: 'boolean' }, json: { type: 'boolean' } } });
    return { fresh: values.fresh === true, json: values.json === true };
  } catch (error) {
    console.error(`${(error as Error).message}\nUsage: npm start -- [--fresh] [--json]`);
    process.exit(WRONG_USAGE);
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(explainFailure(error));
    process.exit(1);
  },
);
