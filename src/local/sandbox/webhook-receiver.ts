import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Type } from '@sinclair/typebox';
import type { Static } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { Journal } from './journal';
import type { Place } from './journal';
import type { ProviderSurroundings } from './provider';

const Word = Type.String({ minLength: 1, maxLength: 200 });

/** What the receiver reads from an event: CloudEvents 1.0, in structured mode. */
export const WebhookEvent = Type.Object({
  id: Word,
  type: Word,
  subject: Word,
  sequence: Type.String({ pattern: '^[1-9][0-9]{0,14}$' }),
});

export interface Delivery {
  /** The name in the address it came to. */
  readonly name: string;
  readonly raw: Buffer;
  readonly event: Static<typeof WebhookEvent>;
  readonly headers: FastifyRequest['headers'];
}

/** A line of the journal. Only a digest of the body is stored; `signed` is null while no secret is known. */
export interface Receipt {
  readonly name: string;
  readonly id: string;
  readonly subject: string;
  readonly sequence: number;
  readonly type: string;
  readonly digest: string;
  readonly signed: boolean | null;
  readonly redelivered: boolean;
}

export interface ReceiverReply {
  readonly status: 204 | 410 | 503;
  /** It was accepted, but the sender gets no answer. */
  readonly lost: boolean;
}

/** A shop's webhook receiver: accepts whatever comes, judges nothing, and records it in order. */
export class WebhookReceiver {
  readonly name = 'webhooks';
  /** For the fault switches; `refuse` makes it answer 410. */
  readonly operations = [{ name: 'receive', refusal: 410 }];
  readonly journal: Journal<Receipt>;
  readonly #received = new Set<string>();
  readonly #secrets = new Map<string, string>();

  constructor(private readonly surroundings: ProviderSurroundings) {
    this.journal = new Journal<Receipt>(join(surroundings.directory, `${this.name}.jsonl`), {
      isLine: isReceipt,
      replay: (receipt) => this.#received.add(identityOf(receipt)),
      warn: surroundings.warn,
    });
  }

  /** From now on deliveries to this name are checked. Kept in memory only. */
  learnSecret(name: string, secret: string): void {
    this.#secrets.set(name, secret);
  }

  async take({ name, raw, event, headers }: Delivery): Promise<ReceiverReply> {
    const { faults, pause } = this.surroundings;
    const target = { provider: this.name, operation: 'receive', key: `${name}:${event.subject}` };
    const waitMs = faults.fire('slow', target)?.delayMs ?? 0;
    if (waitMs > 0) await pause(waitMs);

    // From here on nothing waits: the journal is in the order of the answers.
    if (faults.fire('fail-before', target)) return { status: 503, lost: false };
    if (faults.fire('refuse', target)) return { status: 410, lost: false };
    const { id, type, subject } = event;
    const redelivered = this.#received.has(identityOf({ name, id }));
    const digest = createHash('sha256').update(raw).digest('hex');
    const signed = this.#isSigned(name, raw, headers);
    this.journal.append({ name, id, subject, sequence: Number(event.sequence), type, digest, signed, redelivered });
    this.#received.add(identityOf({ name, id }));
    return { status: 204, lost: faults.fire('lose-answer', target) !== undefined };
  }

  #isSigned(name: string, raw: Buffer, headers: FastifyRequest['headers']): boolean | null {
    const secret = this.#secrets.get(name);
    if (secret === undefined) return null;
    try {
      new Webhook(secret).verify(raw, headers as Record<string, string>, { jsonParse: false });
      return true;
    } catch {
      // A wrong signature is an answer too: the journal records it.
      return false;
    }
  }
}

const identityOf = ({ name, id }: { name: string; id: string }): string => `${name} ${id}`;

function isReceipt(value: unknown, seq: number): value is Receipt & Place {
  if (typeof value !== 'object' || value === null) return false;
  const receipt = value as Partial<Record<string, unknown>>;
  return (
    receipt.seq === seq &&
    ['at', 'name', 'id', 'subject', 'type', 'digest'].every((field) => typeof receipt[field] === 'string') &&
    typeof receipt.sequence === 'number'
  );
}
