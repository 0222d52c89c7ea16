import { createServer } from 'node:net';

/** Picks free ports, never the same one twice. Another process may still take one first: see `startWhereFree`. */
export class FreePorts {
  readonly #given = new Set<number>();

  /** The preferred port, or any other if it is taken (or 0). */
  async pick(preferred: number, host = '127.0.0.1'): Promise<number> {
    if (preferred !== 0 && !this.#given.has(preferred) && (await listenOnce(host, preferred)) === preferred) {
      this.#given.add(preferred);
      return preferred;
    }
    for (;;) {
      const port = await listenOnce(host, 0);
      if (port === undefined) throw new Error(`No free port on ${host}: is it an address of this machine?`);
      if (this.#given.has(port)) continue;
      this.#given.add(port);
      return port;
    }
  }
}

function listenOnce(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
