import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

/** Long enough for the request to arrive, and too short for anything but a provider's first thoughts. */
const GIVE_UP_AFTER_MS = 20;

type Failure = 'lost' | 'given-up';

/** The way to a provider, as an HTTP server on loopback that passes every call on, and can fail at the moments that matter. */
export interface Line {
  /** Where the adapter calls. */
  readonly url: string;
  /** The next call arrives and is answered, and the answer does not come back. */
  loseNextAnswer(): void;
  /** The caller of the next call hangs up while the provider works on it. */
  giveUpOnNext(): void;
  close(): void;
}

export async function openLine(target: string): Promise<Line> {
  const { request: open } = target.startsWith('https:') ? https : http;
  let next: Failure | undefined;

  const server = http.createServer((incoming, outgoing) => {
    const failure = next;
    next = undefined;
    const hangUp = () => void incoming.socket.destroy();
    const { host: _, connection: __, ...headers } = incoming.headers;
    const { method, url } = incoming;
    // A connection of its own for each call: an idle one that the provider has closed would look like a fault of the provider.
    const passed = open(new URL(url ?? '/', target), { agent: false, method, headers }, (answer) => {
      if (failure !== undefined) return void answer.resume().on('end', hangUp).on('error', hangUp);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', hangUp).pipe(outgoing);
    });
    passed.on('error', hangUp);
    if (failure === 'given-up') passed.on('finish', () => setTimeout(() => passed.destroy(), GIVE_UP_AFTER_MS));
    incoming.pipe(passed);
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}${new URL(target).pathname.replace(/\/$/, '')}`,
    loseNextAnswer: () => void (next = 'lost'),
    giveUpOnNext: () => void (next = 'given-up'),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
