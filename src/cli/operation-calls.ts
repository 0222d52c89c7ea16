import { isAttentionItem } from './attention-item';
import type { AttentionItem } from './attention-item';
import { isRecord } from './is-record';
import { notOurApi } from './problems-met';

export interface RepairRequest {
  readonly step: string;
  readonly action: string;
  readonly reason: string;
}

/** What is done about a checkout after it was placed. */
export interface OperationCalls {
  /** The API's answer, for `--json`. */
  cancel(id: string): Promise<{ readonly id: string }>;
  attention(): Promise<readonly AttentionItem[]>;
  repair(id: string, what: RepairRequest, key: string): Promise<void>;
}

export type Call = (path: string, init: RequestInit) => Promise<{ response: Response; body: unknown }>;

export const operationCalls = (url: string, call: Call): OperationCalls => ({
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

  async repair(id, what, key) {
    const { response, body } = await call(`/v1/ops/checkouts/${encodeURIComponent(id)}/repair`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(what),
    });
    if (!isRecord(body) || body.done !== true) throw notOurApi(url, response.status);
  },
});
