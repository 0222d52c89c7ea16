/**
 * The connection of a sink to its broker: opened when it is first used, and given up after any failure, so that whoever tries again does so on
 * a new one. What the old one still has under way may arrive late, but only as a duplicate. Lanes may use it at the same time.
 */
export class BrokerConnection<Client> {
  #client: Promise<Client> | undefined;

  constructor(
    private readonly open: () => Promise<Client>,
    private readonly shut: (client: Client) => unknown,
  ) {}

  async use<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = (this.#client ??= this.open());
    try {
      return await work(await client);
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
      await this.shut(await client);
    } catch {
      // It never opened, or is broken already: there is nothing left to shut.
    }
  }
}
