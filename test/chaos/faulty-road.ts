import net from 'node:net';

/** `truncated` strikes answers only; the others strike requests and answers alike. */
export type NetworkFault = 'delayed' | 'reset' | 'half-open' | 'truncated';

export interface Mishap {
  readonly fault: NetworkFault;
  /** Whether it strikes a request or an answer. */
  readonly on: 'request' | 'answer';
  /** How long a delay lasts, and how long a half-open connection is kept. */
  readonly ms: number;
}

interface Carried {
  readonly data: Buffer;
  readonly from: net.Socket;
  readonly to: net.Socket;
}

/** A proxy between two processes. An armed mishap happens to the next bytes that pass. */
export class FaultyRoad {
  readonly #server = net.createServer((client) => this.#connect(client));
  readonly #sockets = new Set<net.Socket>();
  readonly #silent = new Set<net.Socket>();
  #next: { readonly mishap: Mishap; readonly struck: () => void } | undefined;

  private constructor(
    readonly name: string,
    private target: { readonly host: string; readonly port: number },
  ) {}

  static async open(name: string, target: { host: string; port: number }): Promise<FaultyRoad> {
    const road = new FaultyRoad(name, target);
    await new Promise<void>((resolve) => road.#server.listen(0, '127.0.0.1', resolve));
    return road;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  /** Arms a mishap; returns a function that disarms it. `struck` is called when it happens. */
  arm(mishap: Mishap, struck: () => void): () => void {
    const armed = { mishap, struck };
    this.#next = armed;
    return () => {
      if (this.#next === armed) this.#next = undefined;
    };
  }

  /** From now on leads to another port; existing connections are reset. */
  redirect(port: number): void {
    this.target = { ...this.target, port };
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Disarms, and resets half-open connections, so that no client waits for an answer that will never come. */
  calm(): void {
    this.#next = undefined;
    for (const socket of this.#silent) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(client: net.Socket): void {
    const server = net.connect(this.target);
    this.#join(client, server, 'request');
    this.#join(server, client, 'answer');
  }

  #join(from: net.Socket, to: net.Socket, direction: Mishap['on']): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('error', () => from.destroy());
    from.on('data', (data) => this.#carry({ data, from, to }, direction));
    from.on('close', () => {
      this.#sockets.delete(from);
      this.#silent.delete(from);
      // Only after pending data has been written.
      if (!this.#silent.has(to)) to.destroySoon();
    });
  }

  #carry(carried: Carried, direction: Mishap['on']): void {
    const { data, from, to } = carried;
    if (this.#silent.has(from)) return;
    if (this.#next?.mishap.on !== direction) return void to.write(data);
    const { mishap, struck } = this.#next;
    this.#next = undefined;
    this.#happen(mishap, carried);
    struck();
  }

  #happen({ fault, on, ms }: Mishap, { data, from, to }: Carried): void {
    const [client, server] = on === 'request' ? [from, to] : [to, from];
    switch (fault) {
      case 'delayed':
        from.pause();
        setTimeout(() => {
          to.write(data);
          from.resume();
        }, ms);
        break;
      case 'reset':
        client.resetAndDestroy();
        server.resetAndDestroy();
        break;
      case 'half-open':
        this.#silent.add(client);
        server.destroy();
        setTimeout(() => client.resetAndDestroy(), ms).unref();
        break;
      case 'truncated':
        client.end(data.subarray(0, Math.ceil(data.length / 2)));
        server.destroy();
        break;
    }
  }
}
