import { setTimeout as rest } from 'node:timers/promises';
import type { RepairAction } from '../../src/contract/repair';
import type { Attention } from '../../src/checkouts/operators/list-attention';
import { within } from '../../src/runtime/time-limit';

const ANSWER_WITHIN_MS = 15_000;
const RETRY_AFTER_MS = 300;

/** `refused`: somebody else, or a retry, was faster. Undefined if `signal` aborted first. */
export type RepairAnswer = 'done' | 'refused' | undefined;

/** The API as operators use it: a request without an answer is repeated with the same key. */
export class OperatorsDesk {
  constructor(
    private readonly api: string,
    private readonly differs: (difference: string) => void,
  ) {}

  /** Empty if the API does not answer: the next look will do. */
  async attention(signal: AbortSignal): Promise<readonly Attention[]> {
    const answer = await this.#ask('/v1/ops/attention', {}, signal).catch(() => undefined);
    if (answer?.status !== 200) return [];
    return (JSON.parse(answer.body) as { attention: Attention[] }).attention;
  }

  async repair(
    { checkoutId, step }: Attention,
    { action, key }: { action: RepairAction; key: string },
    signal: AbortSignal,
  ): Promise<RepairAnswer> {
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ step, action, reason: 'Decided at random by the chaos run' }),
    };
    while (!signal.aborted) {
      const answer = await this.#ask(`/v1/ops/checkouts/${checkoutId}/repair`, request, signal).catch(() => undefined);
      if (answer?.status === 200) return 'done';
      if (answer?.status === 409) return 'refused';
      if (answer && answer.status < 500) {
        this.differs(`${checkoutId}: ${action} ${step} got ${answer.status} ${answer.body}`);
        return 'refused';
      }
      await rest(RETRY_AFTER_MS);
    }
    return undefined;
  }

  async #ask(path: string, init: RequestInit, signal: AbortSignal): Promise<{ status: number; body: string }> {
    const response = await fetch(`${this.api}${path}`, {
      ...init,
      headers: { ...init.headers, authorization: 'Bearer sk_sandbox_operator' },
      signal: within(ANSWER_WITHIN_MS, signal),
    });
    return { status: response.status, body: await response.text() };
  }
}
