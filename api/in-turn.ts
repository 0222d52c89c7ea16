import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** So many may wait behind another on any connection. */
const FEW = 8;
/** What waits beyond those, on all connections together: some kilobytes each. A read from a socket may bring a thousand. */
const MOST_WAITING = 5_000;

interface Line {
  busy: boolean;
  readonly waiting: (readonly [IncomingMessage, ServerResponse])[];
}

/**
 * Handles the requests of a connection one after the other, as they are answered: the next one begins when the last answer is with the
 * kernel. While one waits nothing more is read from the connection, so that a client that does not read its answers is itself what waits.
 */
export function inTurn(handle: RequestListener): RequestListener {
  const lines = new WeakMap<Socket, Line>();
  let beyondFew = 0;

  const lineOf = (socket: Socket): Line => {
    const line: Line = { busy: false, waiting: [] };
    lines.set(socket, line);
    // Node reads on when a request's body is wanted, or done with.
    socket.on('resume', () => line.waiting.length > 0 && socket.pause());
    socket.once('close', () => {
      beyondFew -= Math.max(0, line.waiting.length - FEW);
      line.waiting.length = 0;
    });
    return line;
  };

  const begin = (line: Line, request: IncomingMessage, response: ServerResponse): void => {
    line.busy = true;
    response.once('close', () => {
      line.busy = false;
      // Not at once: whoever is on other connections has a turn as well.
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
    // Cut off below, and parsed out of what was read before.
    if (socket.destroyed) return;
    const line = lines.get(socket) ?? lineOf(socket);
    if (!line.busy && line.waiting.length === 0) return begin(line, request, response);
    if (line.waiting.length >= FEW && beyondFew >= MOST_WAITING) return void socket.destroy();
    line.waiting.push([request, response]);
    if (line.waiting.length > FEW) beyondFew += 1;
    socket.pause();
  };
}
