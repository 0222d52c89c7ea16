import { createHash } from 'node:crypto';

/** Random numbers from 0 up to 1, decided by a seed and a name alone: other draws do not affect them. */
export class Draws {
  #count = 0;

  constructor(
    private readonly seed: number,
    private readonly name: string,
  ) {}

  next(): number {
    this.#count += 1;
    const hash = createHash('sha256').update(`${this.seed}/${this.name}/${this.#count}`).digest();
    return hash.readUInt32BE() / 2 ** 32;
  }

  shuffle<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, at: this.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  }
}
