import type { FastifyReply } from 'fastify';

/** A server-sent event; what has an `id` is resumed after. */
export interface StreamMessage {
  readonly id?: number;
  readonly event: string;
  readonly data: unknown;
}

/** One client of server-sent events. Its memory is bounded: who does not read is cut off, and may come back and resume. */
export class EventStream {
  readonly #raw: FastifyReply['raw'];

  /**
   * Answers `reply` with a stream. Past Fastify, which would not show how much is waiting and would log every client that hangs up.
   * Whoever has not read `mostBehindBytes` when the next message comes is cut off.
   */
  constructor(
    reply: FastifyReply,
    private readonly mostBehindBytes: number,
  ) {
    void reply.hijack().headers({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx would keep events back until its buffer is full.
      'x-accel-buffering': 'no',
      // Nothing else will come over it, and a server that closes need not wait until it has been idle for long enough.
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

  /** A comment, so that nobody on the way takes the connection for dead; and a dead one is noticed. */
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

/** JSON has no line breaks of its own, so that one `data` line holds it. */
const textOf = ({ id, event, data }: StreamMessage): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
