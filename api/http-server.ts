import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { refuseExpectation } from './answer-on-socket';
import { inTurn } from './in-turn';

/** Node waits for ever, or for minutes: a client that sends one byte a minute must not hold a connection. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Node looks only every half minute for requests that are late: too seldom for the limit above. */
const CHECKING_INTERVAL_MS = 2_000;
/** Longer than the 30 s a client may ask to wait for an outcome. */
const CONNECTION_TIMEOUT_MS = 60_000;
/** Longer than the minute for which load balancers keep theirs: who closes first while the other sends makes a request fail. */
const KEEP_ALIVE_TIMEOUT_MS = 72_000;

/** The server below Fastify, for its `serverFactory`: how long a client may take, and how many of its requests are under way. */
export function httpServer(handle: RequestListener): Server {
  const options = {
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Node takes the longer one for the body, and its own for the headers is a minute.
    headersTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: CHECKING_INTERVAL_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    requireHostHeader: false,
  };
  const server = createServer(options, inTurn(handle));
  server.setTimeout(CONNECTION_TIMEOUT_MS);
  return server.on('checkExpectation', refuseExpectation);
}
