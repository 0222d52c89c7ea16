import { setTimeout as rest } from 'node:timers/promises';
import { aKey, aRequest } from './builders';
import { eventually } from './eventually';
import { idIn } from './running-stack';
import type { Placed, RunningStack } from './running-stack';

/** Like a patient client: repeats the same request with the same key until there is an answer. */
const RETRY_AFTER_MS = 100;

export interface Acknowledged {
  readonly key: string;
  readonly id: string;
}

/** Places orders one after the other from several clients, and keeps its own journal of what was acknowledged. */
export class LoadClient {
  readonly journal: Acknowledged[] = [];
  /** Answers that differ from an earlier answer to the same key. */
  readonly differences: string[] = [];
  #stopping = false;
  readonly #pauseMs: number;
  readonly #clients: Promise<void>[];

  /** Each client rests `pauseMs` after an order, for a steady load: everything accepted must be done before the test can end. */
  constructor(
    private readonly stack: RunningStack,
    { clients, pauseMs = 0 }: { clients: number; pauseMs?: number },
  ) {
    this.#pauseMs = pauseMs;
    this.#clients = Array.from({ length: clients }, () => this.#run());
  }

  /** Waits until this many orders are acknowledged. */
  async acknowledged(orders: number): Promise<void> {
    await eventually(() => (this.journal.length >= orders ? true : undefined));
  }

  /** Lets every client finish its current order. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#clients);
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const key = aKey();
      const first = await this.#untilAccepted(key);
      this.journal.push({ key, id: idIn(first) });
      const again = await this.#untilAccepted(key);
      if (!again.body.equals(first.body))
        this.differences.push(`${key}: ${first.body.toString()} then ${again.body.toString()}`);
      await rest(this.#pauseMs);
    }
  }

  async #untilAccepted(key: string): Promise<Placed> {
    for (;;) {
      const answer = await this.stack.place(aRequest(), { key }).catch(() => undefined);
      if (answer?.status === 202) return answer;
      if (answer !== undefined && answer.status < 500 && answer.status !== 409) {
        this.differences.push(`${key}: ${answer.status} ${answer.body.toString()}`);
      }
      await rest(RETRY_AFTER_MS);
    }
  }
}
