import { request } from 'node:http';
import type { Agent } from 'node:http';
import { aRequest } from '../../../support/builders';

const BODY = JSON.stringify(aRequest());

interface Post {
  readonly api: string;
  readonly agent: Agent;
  readonly id: string;
  readonly expect: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A checkout of its own. Rejects for any other answer than the one expected. */
export const post = ({ api, agent, id, expect, headers }: Post): Promise<void> =>
  new Promise((resolve, reject) => {
    const own = {
      authorization: 'Bearer sk_sandbox_acme',
      'content-type': 'application/json',
      'idempotency-key': id,
      ...headers,
    };
    const call = request(`${api}/v1/checkouts`, { method: 'POST', agent, headers: own }, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === expect) resolve();
        else reject(new Error(`A checkout was answered with ${response.statusCode}`));
      });
    });
    call.once('error', reject);
    call.end(BODY);
  });
