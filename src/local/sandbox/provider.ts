import { join } from 'node:path';
import type { ProtocolRole } from '../../adapters/http/protocol/protocol';
import { bodyDigest } from './body-digest';
import { answerOf, isEntry } from './entry';
import type { Answer, Entry, NewEntry } from './entry';
import type { FaultTarget, Faults } from './faults';
import { Journal } from './journal';
import { isOpen, KeyRecord } from './key-record';
import type { AnyOperation, Quirk } from './operation';
import { OUT_OF_SERVICE, problem } from './reply';
import type { Reply } from './reply';

/** `tok_slow`: annoying for a person, but well within every timeout. */
const SLOW_MS = 2_000;
/** Of the quirk `faulty`, before the first good answer. */
const FAULTS_FIRST = 2;

export interface ProviderSurroundings {
  readonly directory: string;
  readonly faults: Faults;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Says to whoever called that a key has changed. Rejects only when the sandbox closes. */
  readonly notify: (role: ProtocolRole, key: string) => Promise<void>;
  readonly warn: (sentence: string) => void;
}

/** What a call has come to. `closed`: it was undone, and is refused for ever. */
export interface Standing {
  readonly settled: Entry | undefined;
  readonly closed: boolean;
}

/** One vendor: its operations, its keys, its journal. */
export class Provider {
  readonly #records = new Map<string, KeyRecord>();
  /** The key that each page is about. */
  readonly #pages = new Map<string, string>();
  readonly journal: Journal<NewEntry>;

  constructor(
    readonly name: ProtocolRole,
    readonly operations: readonly AnyOperation[],
    private readonly surroundings: ProviderSurroundings,
  ) {
    const path = join(surroundings.directory, `${name}.jsonl`);
    const { warn } = surroundings;
    this.journal = new Journal<NewEntry>(path, {
      isLine: isEntry,
      replay: (entry) => this.#apply(entry),
      warn,
    });
    for (const key of this.#records.keys()) for (const operation of operations) this.#decideInTime(operation, key);
  }

  async perform(operation: AnyOperation, key: string, body: unknown): Promise<Reply> {
    const quirk = operation.quirk?.(body);
    const unanswered = this.#records.get(key)?.settled(operation.name) === undefined;
    return this.#meetingFaults(
      { provider: this.name, operation: operation.name, key },
      // From there on nothing waits: of two equal calls, one acts and the other finds its answer.
      () => this.#decide(operation, key, body, quirk),
      quirk === 'slow' && unanswered ? SLOW_MS : 0,
    );
  }

  /** What the operation would answer now. Acts on nothing, so it leaves no line. */
  async find(operation: AnyOperation, key: string): Promise<Reply> {
    const target = { provider: this.name, operation: 'find', key };
    return this.#meetingFaults(target, () => {
      if (this.surroundings.faults.fire('fail-before', target)) return OUT_OF_SERVICE;
      const { settled, closed } = this.standing(operation, key);
      const found = settled ? answerOf(settled) : { outcome: 'unseen' };
      return { status: 200, answer: closed ? { outcome: 'blocked' } : found, lost: false };
    });
  }

  standing({ name, closedBy }: AnyOperation, key: string): Standing {
    const record = this.#records.get(key);
    return {
      settled: record?.settled(name),
      closed: closedBy !== undefined && record?.settled(closedBy) !== undefined,
    };
  }

  keyOfPage(page: string): string | undefined {
    return this.#pages.get(page);
  }

  /** Decides what a call left undecided, and tells the caller. Once, because nothing waits here; and never what was undone meanwhile. */
  conclude(operation: AnyOperation, key: string, answerTo: (left: Entry) => Answer): void {
    const { settled: left, closed } = this.standing(operation, key);
    if (!left || !isOpen(left) || closed) return;
    const deed = { provider: this.name, operation: operation.name, key, bodyDigest: left.bodyDigest };
    this.#write({ ...deed, ...answerTo(left) });
    if (left.webhook !== 'never') void this.surroundings.notify(this.name, key).catch(() => undefined);
  }

  async #meetingFaults(target: FaultTarget, decide: () => Reply, ownMs = 0): Promise<Reply> {
    const { faults, pause } = this.surroundings;
    const waitMs = ownMs + (faults.fire('slow', target)?.delayMs ?? 0);
    if (waitMs > 0) await pause(waitMs);
    const reply = decide();
    const lost = reply.status === 200 && (reply.lost || faults.fire('lose-answer', target) !== undefined);
    return { ...reply, lost };
  }

  #decide(operation: AnyOperation, key: string, body: unknown, quirk: Quirk | undefined): Reply {
    const { faults } = this.surroundings;
    const record = this.#record(key);
    const digest = bodyDigest(body);
    const { refund } = body as { refund?: string };
    const target = { provider: this.name, operation: operation.name, key };
    const deed = { operation: operation.name, ...(refund === undefined ? {} : { refund }) };
    const write = (answer: Answer): Answer => {
      this.#write({ ...target, ...deed, ...answer, bodyDigest: digest });
      return answer;
    };

    if (record.conflicts(deed, digest)) {
      write({ outcome: 'conflict' });
      return problem(409, 'key-reused', 'This key came before with another body');
    }
    if (faults.fire('fail-before', target)) {
      write({ outcome: 'failed', reason: 'fault-switch' });
      return OUT_OF_SERVICE;
    }
    const settled = record.settled(operation.name, refund);
    const failures = record.failures(deed);
    if ((quirk === 'flaky' && failures === 0) || (quirk === 'faulty' && !settled && failures < FAULTS_FIRST)) {
      write({ outcome: 'failed', reason: quirk });
      return problem(500, 'failed', 'Broke down: nothing was done');
    }
    // Before any stored answer: to a late call, an undone operation must not look done.
    if (operation.closedBy !== undefined && record.settled(operation.closedBy)) {
      return { status: 200, answer: write({ outcome: 'blocked' }), lost: false };
    }
    if (settled) {
      write({ outcome: 'replayed', of: settled.seq });
      return { status: 200, answer: answerOf(settled), lost: false };
    }
    const answer = write(this.#answerTo(operation, target, body));
    this.#decideInTime(operation, key);
    // A retry finds the stored answer and does not get here, so an answer is lost only once.
    return { status: 200, answer, lost: quirk === 'lost-answer' };
  }

  #answerTo(operation: AnyOperation, target: FaultTarget, body: unknown): Answer {
    const { faults } = this.surroundings;
    const { acceptance, refusal } = operation;
    const record = this.#record(target.key);
    if (acceptance !== undefined && faults.fire('refuse-later', target))
      return { ...operation.decide(body, record), outcome: acceptance };
    return refusal && faults.fire('refuse', target) ? refusal : operation.decide(body, record);
  }

  /** Decides, when its time has come, what the call left undecided; after a restart too, because the journal says when it began. */
  #decideInTime(operation: AnyOperation, key: string): void {
    const { settled: left } = this.standing(operation, key);
    const next = left && isOpen(left) ? operation.afterwards?.(left) : undefined;
    if (!left || !next) return;
    // eslint-disable-next-line no-restricted-syntax -- a provider's own clock
    const leftMs = Math.max(0, Date.parse(left.at) + next.afterMs - Date.now());
    const { pause, warn } = this.surroundings;
    pause(leftMs)
      .then(
        () => this.conclude(operation, key, () => next.answer),
        // The sandbox closes.
        () => undefined,
      )
      .catch((error: Error) => warn(`${this.name} could not decide what it had left undecided: ${error.message}`));
  }

  #write(entry: NewEntry): void {
    this.#apply(this.journal.append(entry));
  }

  /** The only way state changes, both live and at boot. */
  #apply(entry: Entry): void {
    this.#record(entry.key).apply(entry);
    if (typeof entry.page === 'string') this.#pages.set(entry.page, entry.key);
  }

  #record(key: string): KeyRecord {
    const known = this.#records.get(key) ?? new KeyRecord();
    this.#records.set(key, known);
    return known;
  }
}
