import { join } from 'node:path';
import type { ProtocolRole } from '../../adapters/http/protocol/protocol';
import { bodyDigest } from './body-digest';
import { answerOf, isEntry } from './entry';
import type { Answer, NewEntry } from './entry';
import type { FaultTarget, Faults } from './faults';
import { Journal } from './journal';
import { KeyRecord } from './key-record';
import type { AnyOperation, Quirk } from './operation';

/** `tok_slow`: annoying for a person, but well within every timeout. */
const SLOW_MS = 2_000;
/** Between an acceptance and the refusal that follows it. */
const REFUSE_AFTER_MS = 500;
/** Of the quirk `faulty`, before the first good answer. */
const FAULTS_FIRST = 2;

export interface ProviderSurroundings {
  readonly directory: string;
  readonly faults: Faults;
  readonly pause: (ms: number) => Promise<unknown>;
  /** Says to whoever called that a key has changed. */
  readonly notify: (role: ProtocolRole, key: string) => Promise<void>;
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

const OUT_OF_SERVICE = problem(503, 'unavailable', 'Out of service: nothing was done');

/** One vendor: its operations, its keys, its journal. */
export class Provider {
  readonly #records = new Map<string, KeyRecord>();
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
      replay: (entry) => this.#record(entry.key).apply(entry),
      warn,
    });
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
  async find({ name, closedBy }: AnyOperation, key: string): Promise<Reply> {
    const target = { provider: this.name, operation: 'find', key };
    return this.#meetingFaults(target, () => {
      if (this.surroundings.faults.fire('fail-before', target)) return OUT_OF_SERVICE;
      const record = this.#records.get(key);
      const blocked = closedBy !== undefined && record?.settled(closedBy) !== undefined;
      const settled = record?.settled(name);
      const found = settled ? answerOf(settled) : { outcome: 'unseen' };
      return { status: 200, answer: blocked ? { outcome: 'blocked' } : found, lost: false };
    });
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
      const entry = this.journal.append({ ...target, ...deed, ...answer, bodyDigest: digest });
      record.apply(entry);
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
    const { acceptance, refusal } = operation;
    if (acceptance !== undefined && refusal && faults.fire('refuse-later', target)) {
      void this.#refuseLater(operation, key, () => write(refusal)).catch((error: Error) =>
        this.surroundings.warn(`A refusal of ${this.name} was not carried through: ${error.message}`),
      );
      return { status: 200, answer: write({ ...operation.decide(body, record), outcome: acceptance }), lost: false };
    }
    const refused = refusal && faults.fire('refuse', target) ? refusal : undefined;
    const answer = write(refused ?? operation.decide(body, record));
    // A retry finds the stored answer and does not get here, so an answer is lost only once.
    return { status: 200, answer, lost: quirk === 'lost-answer' };
  }

  async #refuseLater({ closedBy }: AnyOperation, key: string, refuse: () => void): Promise<void> {
    const { pause, notify } = this.surroundings;
    await pause(REFUSE_AFTER_MS);
    // What was cancelled meanwhile needs no refusal.
    if (closedBy !== undefined && this.#record(key).settled(closedBy)) return;
    refuse();
    await notify(this.name, key);
  }

  #record(key: string): KeyRecord {
    const known = this.#records.get(key) ?? new KeyRecord();
    this.#records.set(key, known);
    return known;
  }
}
