import { duration, oneOf, text, textLike } from './setting';

export const CHECKOUTS = {
  PROVIDERS_FILE: text('', {
    readBy: ['api', 'worker', 'relay', 'start', 'cli'],
    unit: 'path',
    whenEmpty: 'the sandbox at `SANDBOX_URL` serves every role that needs a provider',
    description:
      'The JSON file that names the providers of each role, for all tenants and for single ones. See [providers](providers.md).',
  }),
  SANDBOX_URL: text('', {
    readBy: ['api', 'worker', 'relay', 'cli'],
    unit: 'URL',
    description:
      'The sandbox providers, for every role that `PROVIDERS_FILE` gives to nobody. `npm start` sets it for its own processes.',
  }),
  SANDBOX_SECRET: textLike('^(whsec_[A-Za-z0-9+/]{32,200}={0,2})?$', {
    readBy: ['api', 'worker', 'relay', 'sandbox', 'start', 'cli'],
    unit: '`whsec_` and at least 24 bytes in base64',
    whenEmpty: 'nothing is signed; `npm start` generates one, and writes it to `stack.json`',
    description:
      'The secret with which calls of the sandbox providers, and their webhooks, are signed. With it, unsigned calls are refused.',
  }),
  ATTENTION_AFTER: duration('1s', '24h', {
    readBy: ['api', 'worker', 'relay', 'cli'],
    whenEmpty: '15 minutes',
    description:
      'How long an undo, or a step after the pivot, may keep failing before operators are called, and how long after the label an inventory may not know that the goods have left. A change applies to checkouts that start after it, and to the relay at once.',
  }),
  AWAIT_CUSTOMER: duration('1s', '24h', {
    readBy: ['worker'],
    whenEmpty: '15 minutes',
    description:
      'How long a payment may wait for its customer to approve, or for its processor to decide. Then the order is undone. A change applies to payments that begin to wait after it.',
  }),
  FAST_LANE: oneOf(['on', 'off'], 'on', {
    readBy: ['api', 'worker', 'cli'],
    description:
      '`on`: the first attempt of a step runs inside the workflow task; after a failure that step and all later ones are regular activities. `off`: every attempt is a regular activity. A change applies to checkouts that start after it.',
  }),
  // It becomes part of names and of queries.
  BUILD_ID: textLike('^[A-Za-z0-9._-]{0,64}$', {
    readBy: ['worker'],
    unit: 'up to 64 of `A-Z a-z 0-9 . _ -`',
    whenEmpty: 'a digest of the bundled workflows',
    description: "The name of the worker's build.",
  }),
  WORKER_PROMOTE: oneOf(['new', 'on', 'off'], 'new', {
    readBy: ['worker', 'start'],
    description:
      'Whether a worker that starts makes its build current, so that new checkouts go to it: `new` if the build never was current, `on` always, `off` never. See [deploying](deploying.md).',
  }),
  WORKER_VERSIONING: oneOf(['on', 'off'], 'on', {
    readBy: ['worker'],
    description: '`off` is for a Temporal without worker deployments: all workers then count as the same build.',
  }),
};
