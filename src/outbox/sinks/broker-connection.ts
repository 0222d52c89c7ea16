import { settleWithin } from '../../runtime/time-limit';

/** For opening and a page together. The clients have shorter limits of their own: this is for whatever they miss. */
const DONE_WITHIN_MS = 30_000;
/** Nobody waits longer for a goodbye. */
const SHUT_WITHIN_MS = 5_000;

/**
 * The connection of a sink to its broker: opened when it is first used, and given up after any failure, so that whoever tries again does so on
 * a new one. What the old one still has under way may arrive late, but only as a duplicate. Lanes may use it at the same time.
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
      // One that opens too late is shut all the same, only not waited for.
      const shut = client.then((opened) => this.shut(opened));
      await settleWithin(SHUT_WITHIN_MS, () => shut);
    } catch {
      // It never opened, hangs, or is broken already: there is nothing left to do.
    }
  }
}
