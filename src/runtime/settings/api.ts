import { integer, list, oneOf, port, text } from './setting';

export const API = {
  HOST: text('127.0.0.1', {
    readBy: ['api', 'start'],
    unit: 'address',
    description: 'Where the API listens.',
  }),
  PORT: port(3000, {
    readBy: ['api', 'start'],
    description:
      'The port of the API. If it is taken, `npm start` chooses a free one. `0` means any free port, for all parts of `npm start`.',
  }),
  RATE_LIMIT: integer(1, 100_000, {
    readBy: ['api'],
    unit: 'requests in 10 s',
    description:
      'How many requests one API key may send; more get `429`. One address (in IPv6 a /64 network) may send a hundredth of that with missing or wrong keys, and may request 100 public documents.',
  }),
  TRUSTED_PROXIES: list('(loopback|linklocal|uniquelocal|[0-9a-fA-F.:]+(/[0-9]{1,3})?)', {
    readBy: ['api'],
    unit: 'addresses, networks, `loopback`, `linklocal`, `uniquelocal`; commas between',
    description:
      'The proxies in front of the API whose `X-Forwarded-For` is believed. Without it, all clients behind a proxy count as one address.',
  }),
  SANDBOX_KEYS: oneOf(['on', 'off'], 'off', {
    readBy: ['api'],
    description:
      '`on` accepts the sandbox API keys. `npm start` decides it: `on` with the embedded Postgres, `off` with your own.',
  }),
};
