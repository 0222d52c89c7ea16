import { settleWithin } from '../../runtime/time-limit';

/** For connecting and a page together. The clients have shorter time limits: this one is for whatever those miss. */
const DONE_WITHIN_MS = 30_000;
/** How long to wait for a connection to close. */
const SHUT_WITHIN_MS = 5_000;

/**
 * A sink's connection to its broker: opened at first use, and dropped after any failure, so that a retry opens a new one. What the old one
 * still has in flight may arrive late, but only as a duplicate. Lanes may use it concurrently.
 */
export class BrokerConnection<Client> {
  #client: Promise<Client> | undefined;

  constructor(
    private readonly open: () => Promise<Client>,
    private readonly shut: (client: Client) => unknown,
    private readonly doneWithinMs = DONE_WITHIN_MS,
  ) {}

  async use<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = (this.#client ??= this.open());
    try {
      return await settleWithin(this.doneWithinMs, async () => work(await client));
    } catch (error) {
      if (this.#client === client) this.#client = undefined;
      void this.#giveUp(client);
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client) await this.#giveUp(client);
  }

  async #giveUp(client: Promise<Client>): Promise<void> {
    try {
      // A connection that opens too late is closed all the same, but not waited for.
      const shut = client.then((opened) => this.shut(opened));
      await settleWithin(SHUT_WITHIN_MS, () => shut);
    } catch {
      // It never opened, hangs, or is already broken: there is nothing left to do.
    }
  }
}
