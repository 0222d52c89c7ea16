import type { FastifyReply } from 'fastify';

/** A server-sent event. A client can resume after one with an `id`. */
export interface StreamMessage {
  readonly id?: number;
  readonly event: string;
  readonly data: unknown;
}

/** One client of server-sent events. Its memory is bounded: a client that does not read is cut off, and may come back and resume. */
export class EventStream {
  readonly #raw: FastifyReply['raw'];

  /**
   * Answers `reply` with a stream. Bypasses Fastify, which would not show how much is unsent and would log every client that hangs up. If more
   * than `mostBehindBytes` are unsent when the next message comes, the client is cut off.
   */
  constructor(
    reply: FastifyReply,
    private readonly mostBehindBytes: number,
  ) {
    void reply.hijack().headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Without this nginx holds events back until its buffer is full.
      'x-accel-buffering': 'no',
      // No other request will use this connection, and a server that shuts down need not wait for it to become idle.
      connection: 'close',
    });
    this.#raw = reply.raw;
    // The client hung up in the middle of a message; `close` follows.
    this.#raw.on('error', () => undefined);
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) this.#raw.setHeader(name, value);
    this.#raw.writeHead(200);
  }

  send(messages: readonly StreamMessage[]): void {
    this.#write(messages.map(textOf).join(''));
  }

  /** A comment, so that no proxy takes the connection for dead, and a dead one is noticed. */
  keepAlive(): void {
    this.#write(': keep-alive\n\n');
  }

  end(): void {
    this.#raw.end();
  }

  #write(text: string): void {
    if (this.#raw.writableEnded) return;
    if (this.#raw.writableLength > this.mostBehindBytes) this.#raw.destroy();
    else this.#raw.write(text);
  }
}

/** JSON has no line breaks, so it fits on one `data` line. */
const textOf = ({ id, event, data }: StreamMessage): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
