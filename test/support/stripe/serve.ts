import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AccountBook } from './account-book';
import { ApiError, InvalidParameter, refused } from './api-error';
import type { Call, Endpoint, EndpointName } from './endpoints';
import { brokenInside, turnedAway } from './faults';
import type { Faults } from './faults';
import { readForm } from './form';
import type { Answer, IdempotencyKeys, KeyedRequest } from './idempotency-keys';
import { newId } from './ids';

/** A request that came, and its answer. */
export interface ServedRequest {
  readonly endpoint: EndpointName;
  readonly path: string;
  readonly account: string;
  readonly key: string | undefined;
  /** Undefined: its connection was broken on purpose. */
  readonly status: number | undefined;
  readonly replayed: boolean;
}

export interface Desk {
  readonly secretKeys: readonly string[];
  readonly platform: string;
  readonly books: ReadonlyMap<string, AccountBook>;
  readonly keys: IdempotencyKeys;
  readonly faults: Faults;
  readonly served: ServedRequest[];
  readonly newPayment: (book: AccountBook, request: ForEvents) => Call['newPayment'];
}

/** What events tell about the request that caused them. */
export interface ForEvents {
  readonly id: string;
  readonly key: string | undefined;
}

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Answers one request, in the order in which Stripe looks at it: key, version, account, idempotency, parameters, endpoint. */
export async function serve(desk: Desk, endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply) {
  const path = request.url.split('?', 1)[0] ?? '';
  const key = endpoint.method === 'POST' ? header(request, 'idempotency-key') : undefined;
  const account = header(request, 'stripe-account') ?? desk.platform;
  const note = (status: number | undefined, replayed = false) =>
    void desk.served.push({ endpoint: endpoint.name, path, account, key, status, replayed });
  const requestId = newId('req');

  try {
    const book = bookOf(desk, request, account);
    if (desk.faults.take(endpoint.name, 'lose-request')) return breakOff(reply, note);
    const away = turnedAway(desk.faults, endpoint.name);
    if (away) throw away;

    const sent =
      endpoint.method === 'POST' ? ((request.body as string | null) ?? '') : (request.url.split('?')[1] ?? '');
    const parameters = new URLSearchParams(sent);
    parameters.sort();
    const keyed = key === undefined ? undefined : { account, key, path, parameters: String(parameters) };
    const stored = keyed && desk.keys.begin(keyed);
    const { id = '' } = request.params as { id?: string };
    const call = () => ({
      book,
      id,
      fields: readForm(sent),
      newPayment: desk.newPayment(book, { id: requestId, key }),
    });
    const answer = stored ?? (await carryOut(desk, endpoint, call, keyed));
    if (desk.faults.take(endpoint.name, 'lose-answer')) return breakOff(reply, note);
    note(answer.status, stored !== undefined);
    if (stored) reply.header('idempotent-replayed', 'true');
    return send(reply, answer, { requestId, key, account: header(request, 'stripe-account') });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    note(error.status);
    return send(reply, answerTo(error), { requestId, key, account: undefined });
  }
}

function bookOf(desk: Desk, request: FastifyRequest, account: string): AccountBook {
  const given = /^Bearer (.+)$/.exec(header(request, 'authorization') ?? '')?.[1];
  if (given === undefined) throw refused('You did not provide an API key.', {}, 401);
  if (!desk.secretKeys.includes(given)) throw refused('Invalid API Key provided.', {}, 401);
  // Without it Stripe takes the account's default, which is another on another day.
  const version = header(request, 'stripe-version');
  if (version === undefined || !/^\d{4}-\d{2}-\d{2}\.[a-z]+$/.test(version))
    throw refused('This fake wants a pinned Stripe-Version, such as 2026-10-28.endive.');
  const book = desk.books.get(account);
  if (book === undefined)
    throw refused(
      `The provided key does not have access to account '${account}' (or that account does not exist).`,
      { code: 'account_invalid' },
      403,
    );
  return book;
}

async function carryOut(desk: Desk, endpoint: Endpoint, call: () => Call, keyed: KeyedRequest | undefined) {
  const before = desk.faults.take(endpoint.name, 'hold-request');
  if (before) await before.until?.();
  let run: () => object;
  try {
    run = endpoint.read(call());
  } catch (error) {
    if (keyed && error instanceof InvalidParameter) desk.keys.forget(keyed);
    throw error;
  }
  const answer = desk.faults.take(endpoint.name, 'error') ? answerTo(brokenInside()) : answerOf(run);
  const told = desk.faults.take(endpoint.name, 'error-after') ? answerTo(brokenInside()) : answer;
  const after = desk.faults.take(endpoint.name, 'hold-answer');
  if (after) await after.until?.();
  if (keyed) desk.keys.keep(keyed, told);
  return told;
}

function answerOf(run: () => object): Answer {
  try {
    return { status: 200, body: JSON.stringify(run(), undefined, 2), headers: {} };
  } catch (error) {
    if (error instanceof ApiError) return answerTo(error);
    throw error;
  }
}

const answerTo = ({ status, fields, headers }: ApiError): Answer => ({
  status,
  body: JSON.stringify({ error: fields }, undefined, 2),
  headers,
});

interface Envelope {
  readonly requestId: string;
  readonly key: string | undefined;
  readonly account: string | undefined;
}

const send = (reply: FastifyReply, { status, body, headers }: Answer, { requestId, key, account }: Envelope) =>
  reply
    .code(status)
    .headers(headers)
    .headers({
      'content-type': 'application/json',
      'request-id': requestId,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(account === undefined ? {} : { 'stripe-account': account }),
    })
    .send(body);

function breakOff(reply: FastifyReply, note: (status: undefined) => void): FastifyReply {
  note(undefined);
  reply.hijack();
  reply.raw.destroy();
  return reply;
}
