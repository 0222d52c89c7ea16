import { join } from 'node:path';
import { bodyDigest } from './body-digest';
import { answerOf, isEntry } from './entry';
import type { Answer, NewEntry } from './entry';
import type { Faults } from './faults';
import { Journal } from './journal';
import { KeyRecord } from './key-record';
import type { Operation } from './operation';

/** `tok_slow`: annoying for a person, but well within every timeout. */
const SLOW_MS = 2_000;

export interface ProviderSurroundings {
  readonly directory: string;
  readonly faults: Faults;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly warn: (sentence: string) => void;
}

/** `lost`: it happened, but the caller gets no answer. */
export interface Reply {
  readonly status: 200 | 409 | 500 | 503;
  readonly answer: Answer | { readonly code: string; readonly message: string };
  readonly lost: boolean;
}

const problem = (status: Reply['status'], code: string, message: string): Reply => ({
  status,
  answer: { code, message },
  lost: false,
});

/** One vendor: its operations, its keys, its journal. */
export class Provider {
  readonly #records = new Map<string, KeyRecord>();
  readonly journal: Journal<NewEntry>;

  constructor(
    readonly name: string,
    readonly operations: readonly Operation[],
    private readonly surroundings: ProviderSurroundings,
  ) {
    const path = join(surroundings.directory, `${name}.jsonl`);
    const { warn } = surroundings;
    this.journal = new Journal<NewEntry>(path, {
      isLine: isEntry,
      replay: (entry) => this.#record(entry.key).apply(entry),
      warn,
    });
  }

  async perform(operation: Operation, key: string, body: unknown): Promise<Reply> {
    const { faults, pause } = this.surroundings;
    const target = { provider: this.name, operation: operation.name, key };
    const quirk = operation.quirk?.(body);
    const unanswered = this.#records.get(key)?.settled(operation.name) === undefined;
    const ownMs = quirk === 'slow' && unanswered ? SLOW_MS : 0;
    const waitMs = ownMs + (faults.fire('slow', target)?.delayMs ?? 0);
    if (waitMs > 0) await pause(waitMs);

    // From here on nothing waits: of two equal calls, one acts and the other finds its answer.
    const reply = this.#decide(operation, key, body, faults);
    const lost = reply.status === 200 && (reply.lost || faults.fire('lose-answer', target) !== undefined);
    return { ...reply, lost };
  }

  #decide(operation: Operation, key: string, body: unknown, faults: Faults): Reply {
    const record = this.#record(key);
    const digest = bodyDigest(body);
    const target = { provider: this.name, operation: operation.name, key };
    const write = (answer: Answer): Answer => {
      const entry = this.journal.append({ ...target, ...answer, bodyDigest: digest });
      record.apply(entry);
      return answer;
    };

    if (record.conflicts(operation.name, digest)) {
      write({ outcome: 'conflict' });
      return problem(409, 'key-reused', 'This key came before with another body');
    }
    if (faults.fire('fail-before', target)) {
      write({ outcome: 'failed', reason: 'fault-switch' });
      return problem(503, 'unavailable', 'Out of service: nothing was done');
    }
    const quirk = operation.quirk?.(body);
    if (quirk === 'flaky' && !record.failedLast(operation.name)) {
      write({ outcome: 'failed', reason: 'flaky' });
      return problem(500, 'failed', 'Broke down: nothing was done');
    }
    // Before any stored answer: to a late call, an undone operation must not look done.
    if (operation.closedBy !== undefined && record.settled(operation.closedBy)) {
      return { status: 200, answer: write({ outcome: 'blocked' }), lost: false };
    }
    const settled = record.settled(operation.name);
    if (settled) {
      write({ outcome: 'replayed', of: settled.seq });
      return { status: 200, answer: answerOf(settled), lost: false };
    }
    const refusal = operation.refusal && faults.fire('refuse', target) ? operation.refusal : undefined;
    const answer = write(refusal ?? operation.decide(body, record));
    // A retry finds the stored answer and does not get here, so an answer is lost only once.
    return { status: 200, answer, lost: quirk === 'lost-answer' };
  }

  #record(key: string): KeyRecord {
    const known = this.#records.get(key) ?? new KeyRecord();
    this.#records.set(key, known);
    return known;
  }
}
