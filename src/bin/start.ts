import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { migrate } from '../postgres/migrate';
import { seedSandboxCatalog } from '../postgres/seed-sandbox-catalog';
import { readConfig } from '../runtime/config';
import { parsePayloadKeys } from '../payloads/payload-keys';
import { prepareTemporal } from '../runtime/prepare-temporal';
import { announcement } from '../local/stack/announcement';
import { explainFailure } from '../local/stack/explain-failure';
import { runStack } from '../local/stack/run-stack';
import { sandboxSecretOf } from '../local/stack/stack-secrets';
import { stackSettings, withoutPostgresSettings } from '../local/stack/stack-settings';
import type { StackSettings } from '../local/stack/stack-settings';
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
  // Fails here with one sentence, before three parts fail with it.
  parsePayloadKeys(config.PAYLOAD_KEYS);
  // This process is a client of the embedded Postgres too.
  if (config.DATABASE_URL === '') process.env = withoutPostgresSettings(process.env);
  const fromEnvironment = stackSettings(config, process.env);
  const settings = { ...fromEnvironment, oneProcess: oneProcess ?? fromEnvironment.oneProcess };
  if (settings.providersFile !== '') refuseMistakesInProviders(settings);
  // With --json, standard output is for the machine, so messages for people go to standard error.
  const say = json ? console.error : console.log;
  // A reader that goes away (`| head`) is no reason to stop.
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

/** Here too, so that three parts do not fail with them. The sentences are for people: standard error. */
function refuseMistakesInProviders(settings: StackSettings): void {
  const env = { ...settings.env, SANDBOX_SECRET: sandboxSecretOf(settings) };
  const check = path.join(__dirname, 'check-providers.js');
  const { status } = spawnSync(process.execPath, [check], { env, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(1);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(explainFailure(error));
    process.exit(1);
  },
);
