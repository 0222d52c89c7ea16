import { isAttentionItem } from './attention-item';
import type { AttentionItem } from './attention-item';
import { isRecord } from '../terminal/is-record';
import { notOurApi } from './problem-from-response';
import { withQuery } from './with-query';

export interface RepairRequest {
  readonly step: string;
  readonly action: string;
  readonly reason: string;
}

/** Of `GET /v1/ops/stranded`. */
export interface StrandedItem {
  readonly checkoutId: string;
}

export interface StrandedPage {
  readonly stranded: readonly StrandedItem[];
  readonly next: string | null;
}

/** What is done about a checkout after it was placed. */
export interface OperationCalls {
  /** The API's answer, for `--json`. */
  cancel(id: string): Promise<{ readonly id: string }>;
  attention(): Promise<readonly AttentionItem[]>;
  repair(id: string, what: RepairRequest, key: string): Promise<void>;
  /** The first page begins at the empty cursor. */
  stranded(cursor: string): Promise<StrandedPage>;
  resume(id: string, reason: string, key: string): Promise<void>;
}

export type Call = (path: string, init: RequestInit) => Promise<{ response: Response; body: unknown }>;

export const operationCalls = (url: string, call: Call): OperationCalls => {
  async function act(path: string, what: object, key: string): Promise<void> {
    const { response, body } = await call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(what),
    });
    if (!isRecord(body) || body.done !== true) throw notOurApi(url, response.status);
  }

  return {
    async cancel(id) {
      const { response, body } = await call(`/v1/checkouts/${encodeURIComponent(id)}/cancel`, { method: 'POST' });
      if (!isRecord(body) || typeof body.id !== 'string') throw notOurApi(url, response.status);
      return { ...body, id: body.id };
    },

    async attention() {
      const { response, body } = await call('/v1/ops/attention', {});
      const items = isRecord(body) ? body.attention : undefined;
      if (!Array.isArray(items) || !items.every(isAttentionItem)) throw notOurApi(url, response.status);
      return items;
    },

    repair: (id, what, key) => act(`/v1/ops/checkouts/${encodeURIComponent(id)}/repair`, what, key),
    resume: (id, reason, key) => act(`/v1/ops/checkouts/${encodeURIComponent(id)}/resume`, { reason }, key),

    async stranded(cursor) {
      const { response, body } = await call(withQuery('/v1/ops/stranded', cursor === '' ? {} : { cursor }), {});
      if (!isStrandedPage(body)) throw notOurApi(url, response.status);
      return body;
    },
  };
};

const isStrandedPage = (value: unknown): value is StrandedPage =>
  isRecord(value) &&
  Array.isArray(value.stranded) &&
  value.stranded.every((item) => isRecord(item) && typeof item.checkoutId === 'string') &&
  (value.next === null || typeof value.next === 'string');
