import { port, text } from './setting';

export const ENCRYPTION = {
  PAYLOAD_KEYS: text('', {
    readBy: ['api', 'worker', 'codec', 'start', 'cli', 'replay'],
    unit: '`id:base64key`; commas between; or `off`',
    whenEmpty: 'a key that `npm start` makes for its own Temporal; elsewhere nothing is encrypted',
    description:
      'Encrypts the inputs, results and failures that Temporal stores. The first key encrypts; all of them decrypt. Make one with `openssl rand -base64 32`; it is good for a hundred million checkouts.',
  }),
  CODEC_HOST: text('127.0.0.1', {
    readBy: ['codec'],
    unit: 'address',
    description: "Where the codec server listens. It decrypts for Temporal's Web UI. `npm start` uses loopback.",
  }),
  CODEC_PORT: port(8088, {
    readBy: ['codec', 'start'],
    description: 'The port of the codec server. If it is taken, `npm start` chooses a free one.',
  }),
  CODEC_ORIGIN: text('', {
    readBy: ['codec', 'start'],
    unit: '`https://host:port`; commas between',
    whenEmpty: 'that of the Web UI, under `npm start`',
    description: 'The exact origins whose pages may use the codec server.',
  }),
  CODEC_TOKEN: text('', {
    readBy: ['codec', 'start'],
    unit: '32 letters and digits or more',
    whenEmpty: 'one that `npm start` makes',
    description: 'The secret that opens the codec server. Make one with `openssl rand -hex 32`.',
  }),
};
