import type { Call } from './operation-calls';
import { isDeadLetterPage, isOutbox, isRedriveAnswer, isRedrivePlan, isRedriveProgress } from './outbox-answers';
import { isReplayAnswer, isReplayPlan, isReplayProgress } from './outbox-answers';
import type { ReplayAnswer, ReplayPlan, ReplayProgress } from './outbox-answers';
import type { DeadLetterPage, OutboxAnswer, RedriveAnswer, RedrivePlan, RedriveProgress } from './outbox-answers';
import { notOurApi } from './problem-from-response';
import { withQuery } from './with-query';

export interface RedriveRequest {
  readonly sink?: string;
  readonly target?: string;
  readonly checkoutId?: string;
  readonly reason: string;
}

export interface ReplayRequest {
  readonly sink: string;
  readonly target?: string;
  readonly from: string;
  readonly to?: string;
  readonly reason: string;
}

/** What operators see of the outbox, and do about it. */
export interface OutboxCalls {
  outbox(): Promise<OutboxAnswer>;
  deadLetters(query: { readonly sink?: string; readonly cursor?: string }): Promise<DeadLetterPage>;
  planRedrive(what: RedriveRequest): Promise<RedrivePlan>;
  redrive(what: RedriveRequest, key: string): Promise<RedriveAnswer>;
  redriveProgress(id: string): Promise<RedriveProgress>;
  stopRedrive(id: string): Promise<RedriveProgress>;
  planReplay(what: ReplayRequest): Promise<ReplayPlan>;
  replay(what: ReplayRequest, key: string): Promise<ReplayAnswer>;
  replayProgress(id: string): Promise<ReplayProgress>;
  stopReplay(id: string): Promise<ReplayProgress>;
}

const PATH = '/v1/ops/outbox';
const replayPath = (id: string) => `${PATH}/replays/${encodeURIComponent(id)}`;
const redrivePath = (id: string) => `${PATH}/redrives/${encodeURIComponent(id)}`;

const posting = (body: object, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

export function outboxCalls(url: string, call: Call): OutboxCalls {
  async function ask<T>(path: string, init: RequestInit, isOurs: (body: unknown) => body is T): Promise<T> {
    const { response, body } = await call(path, init);
    if (!isOurs(body)) throw notOurApi(url, response.status);
    return body;
  }

  return {
    outbox: () => ask(PATH, {}, isOutbox),
    deadLetters: (query) => ask(withQuery(`${PATH}/dead-letters`, query), {}, isDeadLetterPage),
    planRedrive: (what) => ask(`${PATH}/redrive`, posting({ ...what, plan: true }), isRedrivePlan),
    redrive: (what, key) => ask(`${PATH}/redrive`, posting(what, { 'idempotency-key': key }), isRedriveAnswer),
    redriveProgress: (id) => ask(redrivePath(id), {}, isRedriveProgress),
    stopRedrive: (id) => ask(`${redrivePath(id)}/stop`, { method: 'POST' }, isRedriveProgress),
    planReplay: (what) => ask(`${PATH}/replay`, posting({ ...what, plan: true }), isReplayPlan),
    replay: (what, key) => ask(`${PATH}/replay`, posting(what, { 'idempotency-key': key }), isReplayAnswer),
    replayProgress: (id) => ask(replayPath(id), {}, isReplayProgress),
    stopReplay: (id) => ask(`${replayPath(id)}/stop`, { method: 'POST' }, isReplayProgress),
  };
}
