const WORTH_A_LINE_MS = 1_000;

/** Reports every step that takes longer than a second. */
export class Progress {
  constructor(readonly say: (line: string) => void) {}

  async step<T>(title: string, work: () => Promise<T>): Promise<T> {
    const since = performance.now();
    const timer = setTimeout(() => this.say(`${title} …`), WORTH_A_LINE_MS);
    try {
      const result = await work();
      const ms = performance.now() - since;
      if (ms > WORTH_A_LINE_MS) this.say(`${title} … ${(ms / 1000).toFixed(1)} s`);
      return result;
    } finally {
      clearTimeout(timer);
    }
  }
}
