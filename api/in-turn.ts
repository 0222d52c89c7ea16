import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How many may always wait on a connection. */
const FEW = 8;
/** How many more may wait on all connections together, at a few kilobytes each. */
const MOST_WAITING = 5_000;
/**
 * How many may wait on one connection. Reading stops at the first that waits, and a read is at most 64 KiB: with 110 bytes or more to a request,
 * which every one with a key has, nobody gets here. A flood of the shortest, 1,500 to a read, does, and parsing it delays everybody.
 */
const MOST_OF_A_CONNECTION = 600;

interface Line {
  busy: boolean;
  readonly waiting: (readonly [IncomingMessage, ServerResponse])[];
}

/**
 * Handles the requests of a connection one after another: the next one begins when the last answer is with the kernel. While one waits,
 * nothing more is read from the connection, so a client that does not read its answers delays only itself.
 */
export function inTurn(handle: RequestListener): RequestListener {
  const lines = new WeakMap<Socket, Line>();
  let beyondFew = 0;

  const lineOf = (socket: Socket): Line => {
    const line: Line = { busy: false, waiting: [] };
    lines.set(socket, line);
    // Node reads on when a request's body is wanted, or done with.
    socket.on('resume', () => line.waiting.length > 0 && socket.pause());
    // Before Node, which makes an error with a stack for each request that is not destroyed yet.
    socket.prependOnceListener('close', () => {
      beyondFew -= Math.max(0, line.waiting.length - FEW);
      line.waiting.splice(0).forEach(([request]) => void request.destroy());
    });
    return line;
  };

  const begin = (line: Line, request: IncomingMessage, response: ServerResponse): void => {
    line.busy = true;
    response.once('close', () => {
      line.busy = false;
      // In a later turn of the event loop: clients on other connections have theirs first.
      if (line.waiting.length > 0) setImmediate(next, line);
    });
    handle(request, response);
  };

  const next = (line: Line): void => {
    const first = line.waiting.shift();
    if (!first) return;
    if (line.waiting.length >= FEW) beyondFew -= 1;
    const [request, response] = first;
    if (line.waiting.length === 0) request.socket.resume();
    begin(line, request, response);
  };

  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    const line = lines.get(socket) ?? lineOf(socket);
    if (!line.busy && line.waiting.length === 0) return begin(line, request, response);
    const hasFew = line.waiting.length < FEW;
    if (line.waiting.length === MOST_OF_A_CONNECTION || (!hasFew && beyondFew >= MOST_WAITING)) {
      return cutOff(socket);
    }
    line.waiting.push([request, response]);
    if (!hasFew) beyondFew += 1;
    socket.pause();
  };
}

/** Node's parser of a connection: what it calls with each head. */
type Parsed = Socket & { readonly parser?: { onIncoming: () => number } | null };
/** Node's own answer to its parser when a connection is upgraded to another protocol: the parser stops there. */
const NO_LONGER_HTTP = 2;

function cutOff(socket: Parsed): void {
  // Node parses what it has read to its end, even after the connection is closed: a thousand requests, one by one.
  if (socket.parser) socket.parser.onIncoming = () => NO_LONGER_HTTP;
  socket.destroy();
}
