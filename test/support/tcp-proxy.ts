import net from 'node:net';
import type { AddressInfo } from 'node:net';

/** A proxy in front of a real server, for network faults. */
export class TcpProxy {
  readonly #sockets = new Set<net.Socket>();
  readonly #server: net.Server;
  #cutOn: { readonly text: string; readonly cut: () => void } | undefined;
  #garbled: string | undefined;
  #refusing = false;
  #target: URL;
  #silent = false;

  private constructor(target: URL) {
    this.#target = target;
    this.#server = net.createServer((client) => {
      if (this.#refusing) return void client.destroy();
      const upstream = net.connect(Number(this.#target.port), this.#target.hostname);
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
      let cutting = false;
      client.on('data', (data) => {
        if (this.#cutOn !== undefined && data.includes(this.#cutOn.text)) {
          cutting = true;
          this.#cutOn.cut();
          this.#cutOn = undefined;
        }
        upstream.write(this.#garble(data));
      });
      upstream.on('data', (data) => {
        if (cutting) client.destroy();
        else if (!this.#silent) client.write(data);
      });
    });
  }

  /** Listens in front of the server at `url`. */
  static async inFrontOf(url: string): Promise<{ proxy: TcpProxy; url: string }> {
    const proxy = new TcpProxy(new URL(url));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    const road = new URL(url);
    road.hostname = '127.0.0.1';
    road.port = String((proxy.#server.address() as AddressInfo).port);
    return { proxy, url: road.href };
  }

  /**
   * Delivers the next message that contains `text`, and cuts the connection instead of delivering the answer; resolves when it has.
   * The text of a statement with values is sent only when a connection prepares it; its name and its values are sent each time.
   */
  loseAnswerTo(text: string): Promise<void> {
    return new Promise((cut) => (this.#cutOn = { text, cut }));
  }

  /** Delivers the next message that contains `text` with that word garbled. */
  garble(text: string): void {
    this.#garbled = text;
  }

  #garble(data: Buffer): Buffer {
    const at = this.#garbled === undefined ? -1 : data.indexOf(this.#garbled);
    if (at < 0) return data;
    const garbled = Buffer.from(data).fill('?', at, at + (this.#garbled?.length ?? 0));
    this.#garbled = undefined;
    return garbled;
  }

  /** From now on it delivers requests but no answers, like a machine that hangs. */
  silence(): void {
    this.#silent = true;
  }

  /** From now on it closes and refuses all connections. */
  refuse(): void {
    this.#refusing = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** From now on the same address leads to another server, as after a failover. Existing connections are closed. */
  moveTo(url: string): void {
    this.#target = new URL(url);
    for (const socket of this.#sockets) socket.destroy();
  }

  accept(): void {
    this.#refusing = false;
  }

  async close(): Promise<void> {
    this.refuse();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
