/** Of one endpoint, one tenant, all endpoints that are slow, and all. A process has a thousand descriptors, and other uses for them. */
export const MOST_SOCKETS = { endpoint: 32, tenant: 64, slow: 128, all: 256 } as const;

export interface Claim {
  readonly endpoint: string;
  readonly tenant: string;
  /** The endpoint has been slow of late: all such leave half of the sockets to those that are not. */
  readonly slow: boolean;
}

interface Waiter {
  readonly claim: Claim;
  readonly admit: () => void;
}

/** A hard limit of sockets to webhook endpoints. */
export class Sockets {
  readonly #open = new Map<string, number>();
  readonly #waiting = new Set<Waiter>();

  constructor(private readonly most: Readonly<Record<keyof typeof MOST_SOCKETS, number>> = MOST_SOCKETS) {}

  /** Waits for a socket to be free; undefined if none is within `patienceMs`. Whoever has one gives it back, once, by calling what it got. */
  async take(claim: Claim, patienceMs: number): Promise<(() => void) | undefined> {
    // Counted in the moment in which there is room: nobody comes in between.
    if (this.#hasRoomFor(claim)) this.#count(claim, 1);
    else if (!(await this.#admitted(claim, patienceMs))) return undefined;
    return () => {
      this.#count(claim, -1);
      this.#admitNext();
    };
  }

  #admitted(claim: Claim, patienceMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const admit = () => {
        this.#count(claim, 1);
        done(true);
      };
      const waiter = { claim, admit };
      const done = (admitted: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(waiter);
        resolve(admitted);
      };
      const timer = setTimeout(() => done(false), patienceMs);
      this.#waiting.add(waiter);
    });
  }

  /** Of those for whom there is room, one of the tenant that has the fewest; of several, the one that has waited longest. */
  #admitNext(): void {
    let next: Waiter | undefined;
    for (const waiter of this.#waiting) {
      if (this.#hasRoomFor(waiter.claim) && (!next || this.#heldBy(waiter) < this.#heldBy(next))) next = waiter;
    }
    next?.admit();
  }

  #heldBy({ claim }: Waiter): number {
    return this.#open.get(`tenant ${claim.tenant}`) ?? 0;
  }

  #hasRoomFor(claim: Claim): boolean {
    return this.#limitsOf(claim).every(([name, most]) => (this.#open.get(name) ?? 0) < most);
  }

  #count(claim: Claim, by: 1 | -1): void {
    for (const [name] of this.#limitsOf(claim)) {
      const open = (this.#open.get(name) ?? 0) + by;
      if (open === 0) this.#open.delete(name);
      else this.#open.set(name, open);
    }
  }

  #limitsOf({ endpoint, tenant, slow }: Claim): [name: string, most: number][] {
    const { most } = this;
    return [
      [`endpoint ${endpoint}`, most.endpoint],
      [`tenant ${tenant}`, most.tenant],
      ...(slow ? [['slow', most.slow] satisfies [string, number]] : []),
      ['all', most.all],
    ];
  }
}
