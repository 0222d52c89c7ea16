import { setTimeout as rest } from 'node:timers/promises';
import { shortly } from './answer';
import type { Answer } from './answer';
import { Violation } from '../suite/violation';
import type { Exchange, Wire } from './wire';

/** A server that still says "later" after this many tries is taken at its last answer. */
const MOST_TRIES = 5;
/** A longer `Retry-After` would use up the time of the other rows. */
const LONGEST_REST_S = 10;
const JSON_TYPE = 'application/json';

/** The API keys to call with; a check that needs a missing one reports `NotObserved`. */
export interface ApiKeys {
  readonly own: string;
  readonly otherTenant?: string | undefined;
  readonly operator?: string | undefined;
}

export interface Placement {
  /** The header's value; an array sends several header lines, undefined sends none. */
  readonly key?: string | readonly string[] | undefined;
  /** A string is sent unchanged. */
  readonly body: object | string;
  readonly prefer?: string | undefined;
  /** Null sends none. */
  readonly apiKey?: string | null;
  readonly contentType?: string;
}

/** The server as the checks use it. */
export interface ServerUnderTest {
  readonly keys: ApiKeys;
  /** `POST /v1/checkouts`. Answers that ask to retry later (429, key in use) are obeyed. */
  place(placement: Placement): Promise<Answer>;
  /** The same, from a client that closes the connection while it waits. */
  placeAndHangUp(placement: Placement, afterMs: number): Promise<void>;
  /** `POST /v1/checkouts/:id/cancel`. */
  cancel(id: string): Promise<Answer>;
  /** `GET /v1/checkouts/:id`. */
  read(id: string, apiKey?: string): Promise<Answer>;
}

export function serverUnderTest(wire: Wire, keys: ApiKeys): ServerUnderTest {
  const obeying = async (request: Exchange): Promise<Answer> => {
    for (let tries = 1; ; tries += 1) {
      const answer = await wire.exchange(request);
      if (!asksForLater(answer) || tries === MOST_TRIES) return answer;
      await rest(restOf(answer) * 1_000, undefined, { signal: wire.deadline });
    }
  };
  const post = ({ key, body, prefer, apiKey = keys.own, contentType = JSON_TYPE }: Placement): Exchange => ({
    method: 'POST',
    path: '/v1/checkouts',
    headers: {
      'content-type': contentType,
      ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(prefer === undefined ? {} : { prefer }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    keys,
    place: (placement) => obeying(post(placement)),
    placeAndHangUp: (placement, afterMs) => wire.hangUp(post(placement), afterMs),
    cancel: (id) =>
      obeying({ method: 'POST', path: `/v1/checkouts/${id}/cancel`, headers: { authorization: `Bearer ${keys.own}` } }),
    read: (id, apiKey = keys.own) =>
      obeying({ method: 'GET', path: `/v1/checkouts/${id}`, headers: { authorization: `Bearer ${apiKey}` } }),
  };
}

const asksForLater = ({ status, members }: Answer): boolean =>
  status === 429 || (status === 409 && members.code === 'idempotency-key-in-use');

function restOf(answer: Answer): number {
  const seconds = Number(answer.headers['retry-after'] ?? NaN);
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= LONGEST_REST_S) return seconds;
  throw new Violation(`${shortly(answer)} has Retry-After ${answer.headers['retry-after'] ?? 'missing'}`);
}
