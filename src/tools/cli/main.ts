#!/usr/bin/env node
import { environment, readConfig } from '../../runtime/config';
import type { Config } from '../../runtime/config';
import { systemClock } from '../terminal/clock';
import { EXIT } from '../terminal/exit-codes';
import type { ExitCode } from '../terminal/exit-codes';
import { onProcessInterrupt as onInterrupt } from '../terminal/interrupts';
import type { ShowProviders } from './providers';
import type { AfterRestore } from './resume';
import { run } from './run';
import type { Verify } from '../verify/command';

// `durable-checkout watch … | head -1`: the reader is gone, so there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.notAsPromised);
});

async function main(): Promise<ExitCode> {
  const { stdout, stderr } = process;
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    stderr.write(`Invalid setting in the environment or in .env: ${(error as Error).message}\n`);
    return EXIT.wrongUsage;
  }
  const { DATA_DIR: dataDir, DURABLE_CHECKOUT_API_KEY: merchant, DURABLE_CHECKOUT_OPERATOR_KEY: operator } = config;
  const verify: Verify = async (options) => {
    // Imported only here: the other commands need no client of any store.
    const checks = await import('../verify/run.js');
    return checks.verify(options, { stdout, stderr }, settingsOf(config));
  };
  const afterRestore: AfterRestore = async (options) =>
    (await import('./after-restore.js')).afterRestore(options, { stdout, stderr }, config);
  const showProviders: ShowProviders = async (options) =>
    (await import('./show-providers.js')).showProviders(options, { stdout, stderr }, config, environment);
  const apiKeys = { merchant, operator };
  const runners = { verify, afterRestore, showProviders };
  const surroundings = { stdout, stderr, clock: systemClock, onInterrupt, dataDir, apiKeys, ...runners };
  return run(process.argv.slice(2), surroundings);
}

const settingsOf = (config: Config) => ({
  dataDir: config.DATA_DIR,
  temporalAddress: config.TEMPORAL_ADDRESS,
  databaseUrl: config.DATABASE_URL,
  temporalNamespace: config.TEMPORAL_NAMESPACE,
  payloadKeys: config.PAYLOAD_KEYS,
  redisStream: config.REDIS_STREAM,
  kafkaBrokers: config.KAFKA_BROKERS,
  kafkaTopic: config.KAFKA_TOPIC,
  natsUrl: config.NATS_URL,
  natsStream: config.NATS_STREAM,
});

main().then(
  (code) => void (process.exitCode = code),
  (bug: unknown) => {
    process.exitCode = EXIT.notAsPromised;
    console.error(bug);
  },
);
