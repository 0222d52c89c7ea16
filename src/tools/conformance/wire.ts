import http from 'node:http';
import https from 'node:https';
import { within } from '../../runtime/time-limit';
import { membersOf } from './answer';
import type { Answer } from './answer';

/** Longer than the 30 s a client may ask to wait for an outcome. */
const EXCHANGE_LIMIT_MS = 35_000;

export interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Several values are several header lines, as they are. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export interface Wire {
  /** When nothing is worth waiting for any more. */
  readonly deadline: AbortSignal;
  /** One request, one answer; nothing is repeated. */
  exchange(request: Exchange): Promise<Answer>;
  /** Sends the request whole, and closes the connection after a while without having read an answer. */
  hangUp(request: Exchange, afterMs: number): Promise<void>;
  close(): void;
}

/**
 * HTTP by `node:http`, because `fetch` joins two headers of one name and refuses bytes that a hostile client would send.
 */
export function openWire(url: string, deadline: AbortSignal): Wire {
  const { request: open, Agent } = url.startsWith('https:') ? https : http;
  const agent = new Agent({ keepAlive: true });

  const begin = ({ method, path, headers, body = '' }: Exchange): http.ClientRequest => {
    const lines = Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]);
    const length = method === 'POST' ? { 'content-length': Buffer.byteLength(body) } : {};
    const signal = within(EXCHANGE_LIMIT_MS, deadline);
    const request = open(`${url}${path}`, {
      agent,
      method,
      signal,
      headers: { ...(Object.fromEntries(lines) as http.OutgoingHttpHeaders), ...length },
    });
    request.end(body);
    return request;
  };

  return {
    deadline,

    exchange: (call) =>
      new Promise((resolve, reject) => {
        const request = begin(call).on('error', reject);
        request.on('response', (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => resolve(answerOf(response, Buffer.concat(chunks))));
        });
      }),

    hangUp: (call, afterMs) =>
      new Promise((resolve) => {
        const request = begin(call);
        request.on('finish', () => setTimeout(() => request.destroy(), afterMs));
        request.on('response', (response) => response.resume());
        // Hanging up counts as an error; what became of the request is asked for on another connection.
        request.on('error', () => undefined);
        request.on('close', resolve);
      }),

    close: () => agent.destroy(),
  };
}

const answerOf = ({ statusCode = 0, headers }: http.IncomingMessage, bytes: Buffer): Answer => ({
  status: statusCode,
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')])),
  bytes,
  members: membersOf(bytes),
});
