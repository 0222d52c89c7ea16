interface Claimed {
  readonly first: boolean;
}

/** Identical requests that arrive while one of them is in flight share its work: a hundred clicks cost one transaction. */
export class SingleFlight {
  readonly #flying = new Map<string, Promise<Claimed>>();

  /** The result of `work`, or of the same work if it is in flight; then `first` is false. Fails as that fails. */
  async join<T extends Claimed>(name: string, work: () => Promise<T>): Promise<T> {
    const flying = this.#flying.get(name) as Promise<T> | undefined;
    if (flying) return { ...(await flying), first: false };
    const flight = work().finally(() => this.#flying.delete(name));
    this.#flying.set(name, flight);
    return flight;
  }
}
