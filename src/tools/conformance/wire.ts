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
  /** An array sends several header lines, unchanged. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export interface Wire {
  /** Aborted when the suite's time is over. */
  readonly deadline: AbortSignal;
  /** One request, one answer; never retries. */
  exchange(request: Exchange): Promise<Answer>;
  /** Sends the whole request, then closes the connection after `afterMs` without reading an answer. */
  hangUp(request: Exchange, afterMs: number): Promise<void>;
  close(): void;
}

/** Uses `node:http`, because `fetch` joins two headers of one name and refuses bytes that a hostile client would send. */
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
        // Hanging up counts as an error; the check asks about the request on another connection.
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
