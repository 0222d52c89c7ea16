import http from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One byte at a time, for longer than any client reads an answer that says nothing. */
const DRIP_MS = 100;
const DRIPS = 20;
const RECEIVER = '/webhooks/';

/** A proxy before the sandbox. What its webhook receiver accepts is answered immediately, but the body drips. Everything else passes through. */
export class DrippingFront {
  dripped = 0;
  readonly #server = http.createServer((request, response) => this.#pass(request, response));

  private constructor(private readonly target: string) {}

  static async open(target: string): Promise<DrippingFront> {
    const front = new DrippingFront(target);
    await new Promise<void>((resolve) => front.#server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const { method, headers, url = '/' } = request;
    const onward = http.request(`${this.target}${url}`, { method, headers }, (answer) => {
      const status = answer.statusCode ?? 0;
      if (method !== 'POST' || !url.startsWith(RECEIVER) || status >= 300) {
        response.writeHead(status, answer.headers);
        answer.pipe(response);
        return;
      }
      answer.resume();
      response.writeHead(200, { 'content-type': 'text/plain' });
      this.#drip(response);
    });
    // The caller notices by its connection.
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  #drip(response: ServerResponse): void {
    this.dripped += 1;
    let left = DRIPS;
    const timer = setInterval(() => {
      left -= 1;
      if (left > 0) response.write('.');
      else response.end();
    }, DRIP_MS);
    response.on('close', () => clearInterval(timer));
  }
}
