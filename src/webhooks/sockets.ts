/** For one endpoint, one tenant, all slow endpoints, and all endpoints. A process has about a thousand descriptors, and needs others. */
export const MOST_SOCKETS = { endpoint: 32, tenant: 64, slow: 128, all: 256 } as const;

export interface Claim {
  readonly endpoint: string;
  readonly tenant: string;
  /** The endpoint has been slow lately: slow ones together leave half of the sockets to the others. */
  readonly slow: boolean;
}

interface Waiter {
  readonly claim: Claim;
  readonly admit: () => void;
}

/** A hard limit on sockets to webhook endpoints. */
export class Sockets {
  readonly #open = new Map<string, number>();
  readonly #waiting = new Set<Waiter>();

  constructor(private readonly most: Readonly<Record<keyof typeof MOST_SOCKETS, number>> = MOST_SOCKETS) {}

  /** Waits up to `patienceMs` for a free socket. Returns a function that gives it back, to be called once; undefined if there was none. */
  async take(claim: Claim, patienceMs: number): Promise<(() => void) | undefined> {
    // Counted in the same tick in which there is room, so that nobody gets in between.
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

  /** Among the waiters there is room for: the tenant with the fewest sockets first, then the longest wait. */
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
