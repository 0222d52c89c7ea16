import { appendFileSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { Draws } from '../proof/draws';
import { between } from './chance';
import type { Range } from './chance';
import type { Injector } from './injector';
import type { PlannedOrder } from './order-mix';
import { VISIT_NAMES, VISITS } from './visits';
import type { Visit } from './visits';

const LOOK_EVERY_MS = 1_000;
const HESITATES_MS: Range = { min: 0, max: 3_000 };
const ABOUT_THE_DEADLINE_MS: Range = { min: -500, max: 1_000 };

/** The page's answer to a decision that counts: it sends the browser back to itself. */
const COUNTS = 303;
/** Something else was decided before, or the shop has given the payment up. */
const TOO_LATE = 409;

export const customerKind = (visit: Visit): string => `customer-${visit}`;
export const isOfCustomer = (kind: string): boolean => VISIT_NAMES.some((visit) => customerKind(visit) === kind);

/** Where a customer can approve, and until when (ISO 8601). */
export interface Page {
  readonly url: string;
  readonly expiresAt: string;
}

/** What a customer can ask of the shop about an order. */
export interface Counter {
  /** Undefined if the order has ended. */
  readonly page: () => Promise<Page | 'not yet' | undefined>;
  readonly cancel: () => Promise<void>;
  /** Resolves when the order has ended; undefined if nobody waits for it any longer. */
  readonly ended: Promise<true | undefined>;
}

interface Ground {
  /** The processor, as customers reach it: over none of the service's roads. */
  readonly sandbox: string;
  readonly dataDir: string;
  readonly seed: number;
  readonly differs: (difference: string) => void;
}

/** Customers whom the processor asks to approve. Nobody kills them; what they did there is in their journal, `customers.jsonl`. */
export class Payers implements Injector {
  readonly struck: Record<string, number> = Object.fromEntries(VISIT_NAMES.map((visit) => [customerKind(visit), 0]));
  /** Ids of orders that were approved early enough. */
  readonly approved = new Set<string>();

  constructor(private readonly ground: Ground) {}

  /** The load sends them. */
  async run(signal: AbortSignal): Promise<void> {
    if (!signal.aborted) await once(signal, 'abort');
  }

  /** Does nothing if the order ends before its customer was asked, or `signal` aborts. */
  async visit(order: PlannedOrder, counter: Counter, signal: AbortSignal): Promise<void> {
    const { id, key, visit } = order;
    if (visit === undefined) return;
    const page = await pageFrom(counter, signal);
    if (!page) return;
    const draws = new Draws(this.ground.seed, `customer ${id}`);
    const decide = (decision: 'approve' | 'decline') => this.#decide(order, page, decision);
    await VISITS[visit].act({
      hesitate: () => pause(between(draws, HESITATES_MS), signal),
      untilAboutTheDeadline: () =>
        pause(Date.parse(page.expiresAt) - Date.now() + between(draws, ABOUT_THE_DEADLINE_MS), signal),
      untilTheEnd: async () => (await counter.ended) === true,
      approve: () => decide('approve'),
      decline: () => decide('decline'),
      cancel: counter.cancel,
      differs: (difference) => this.ground.differs(`${key} ${id}: ${difference}`),
    });
    this.struck[customerKind(visit)] = (this.struck[customerKind(visit)] ?? 0) + 1;
  }

  async #decide({ id, key, visit }: PlannedOrder, { url }: Page, decision: 'approve' | 'decline'): Promise<boolean> {
    const { sandbox, dataDir, differs } = this.ground;
    const address = new URL(`${new URL(url).pathname}/${decision}`, sandbox);
    const { status } = await fetch(address, { method: 'POST', redirect: 'manual' });
    const line = { at: new Date().toISOString(), id, visit, decision, status };
    appendFileSync(path.join(dataDir, 'customers.jsonl'), `${JSON.stringify(line)}\n`);
    if (status !== COUNTS && status !== TOO_LATE) differs(`${key} ${id}: ${decision} at the page got ${status}`);
    const counts = status === COUNTS;
    if (counts && (visit === 'approves' || visit === 'approves-twice')) this.approved.add(id);
    return counts;
  }
}

async function pageFrom({ page }: Counter, signal: AbortSignal): Promise<Page | undefined> {
  while (!signal.aborted) {
    const found = await page();
    if (found !== 'not yet') return found;
    await pause(LOOK_EVERY_MS, signal);
  }
  return undefined;
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  rest(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
