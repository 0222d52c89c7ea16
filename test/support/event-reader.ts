import { once } from 'node:events';
import http from 'node:http';
import type { IncomingMessage } from 'node:http';

export interface ReceivedEvent {
  readonly id: number | undefined;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

interface StreamRequest {
  readonly apiKey?: string;
  readonly lastEventId?: number | string | readonly string[];
  readonly method?: string;
}

/** A client of `GET /v1/checkouts/:id/events` that records what it receives. */
export class EventReader {
  readonly received: ReceivedEvent[] = [];
  keepAlives = 0;
  #text = '';
  #closed = false;
  #wake = () => {};

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.#read(chunk));
    // A connection that breaks reports an error first, and then closes.
    response.on('error', () => undefined);
    response.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  /** Resolves with the response's head: check `status` before anything else. */
  static async open(api: string, id: string, { apiKey, lastEventId, method }: StreamRequest = {}) {
    const headers = {
      authorization: `Bearer ${apiKey ?? 'sk_sandbox_acme'}`,
      // A list is sent as several headers.
      ...(lastEventId === undefined ? {} : { 'last-event-id': headerOf(lastEventId) }),
    };
    const request = http.request(`${api}/v1/checkouts/${id}/events`, {
      agent: false,
      method: method ?? 'GET',
      headers,
    });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return new EventReader(response);
  }

  get status(): number | undefined {
    return this.response.statusCode;
  }

  get headers(): IncomingMessage['headers'] {
    return this.response.headers;
  }

  /** The events that have a number. */
  get events(): ReceivedEvent[] {
    return this.received.filter(({ id }) => id !== undefined);
  }

  get types(): string[] {
    return this.events.map(({ event }) => event);
  }

  /** What is not an event, such as the body of a problem. */
  get text(): string {
    return this.#text;
  }

  /** Waits until `seen`; fails if the stream ends before. */
  async until(seen: (reader: EventReader) => boolean): Promise<void> {
    while (!seen(this)) {
      if (this.#closed) throw new Error(`The stream ended after ${JSON.stringify(this.types)}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Waits for the end; true if the server ended the stream, false if it was cut off. */
  async end(): Promise<boolean> {
    while (!this.#closed) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.response.complete;
  }

  hangUp(): void {
    this.response.destroy();
  }

  #read(chunk: string): void {
    const blocks = `${this.#text}${chunk}`.split('\n\n');
    this.#text = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) {
        this.keepAlives += 1;
        continue;
      }
      const fields = new Map(block.split('\n').map((line) => [line.split(':', 1)[0], line.replace(/^[^:]*: /, '')]));
      const id = fields.get('id');
      this.received.push({
        id: id === undefined ? undefined : Number(id),
        event: fields.get('event') ?? 'message',
        data: JSON.parse(fields.get('data') ?? '') as Record<string, unknown>,
      });
    }
    this.#wake();
  }
}

const headerOf = (id: number | string | readonly string[]): string | string[] =>
  typeof id === 'object' ? [...id] : String(id);
